using System;
using System.Linq;
using HaukiOS.Conformance;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Store;

/// <summary>The store's conformance cases make sense on the host before the metal is compared with them.</summary>
[TestFixture]
public sealed class StoreCasesTests
{
    [Test]
    public void Every_case_gives_the_same_outcome_twice_and_none_fails_by_accident()
    {
        Suite suite = new();
        StoreCases.AddTo(suite);
        Assert.That(suite.Cases, Has.Count.GreaterThanOrEqualTo(30));
        string[] first = [.. suite.Cases.Select(one => one.Outcome())];
        string[] second = [.. suite.Cases.Select(one => one.Outcome())];
        Assert.That(second, Is.EqualTo(first));
        foreach ((Case one, string outcome) in suite.Cases.Zip(first))
        {
            TestContext.Out.WriteLine($"{one.Name} => {outcome}");
        }
        Assert.That(first.Where(outcome => outcome.Contains("wrong")), Is.All.StartsWith("0 wrong"));
        string[] thrown = [.. first.Where(outcome => outcome.StartsWith("throws ", StringComparison.Ordinal))];
        Assert.That(thrown, Has.Length.EqualTo(1), "only the disposed store throws");
    }
}
