using HaukiOS.Build.Checks;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>What the compiler mumbles, the build says aloud.</summary>
[TestFixture]
internal sealed class CompilerLogTests
{
    private const string Line = "ILC: AOT analysis error IL1005: Store.Put(String): Method will always throw because: "
        + "Failed to load type 'System.Threading.Barrier' from assembly 'System.Threading, Version=10.0.0.0, Key=00'";

    [Test]
    public void A_method_that_cannot_work_is_a_problem_that_names_it_and_the_type_it_misses()
    {
        Assert.That(CompilerLog.Problems([Line], []), Is.EqualTo(new[]
        {
            "Store.Put(String) cannot work on the metal: Failed to load type 'System.Threading.Barrier' from assembly "
            + "'System.Threading'",
        }));
    }

    [Test]
    public void A_known_one_passes()
    {
        Assert.That(CompilerLog.Problems([Line], ["Store.Put(String)"]), Is.Empty);
    }

    [Test]
    public void A_known_one_that_works_again_must_leave_the_list()
    {
        Assert.That(CompilerLog.Problems([], ["Store.Put(String)"]), Has.Count.EqualTo(1));
    }

    [Test]
    public void An_IL1005_in_a_form_nobody_has_seen_is_still_a_problem()
    {
        Assert.That(CompilerLog.Problems(["something IL1005 something"], []), Has.Count.EqualTo(1));
    }

    [Test]
    public void An_ordinary_line_is_none()
    {
        Assert.That(CompilerLog.Problems(["warning IL2026: careful"], []), Is.Empty);
    }
}
