using System;
using System.Reflection;
using HaukiOS.Secrets;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Lock;

[TestFixture]
public sealed class PublishedVectorTests
{
    private static readonly string[] Names = Array.ConvertAll(
        typeof(PublishedVectors).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly),
        method => method.Name);

    [TestCaseSource(nameof(Names))]
    public void Every_published_vector_comes_out(string name)
    {
        var vector = typeof(PublishedVectors).GetMethod(name)!.CreateDelegate<Func<bool>>();
        Assert.That(vector(), Is.True);
    }
}
