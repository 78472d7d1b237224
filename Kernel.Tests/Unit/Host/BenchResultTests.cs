using HaukiOS.Host.Bench;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host;

/// <summary>The line that scripts read.</summary>
public sealed class BenchResultTests
{
    /// <summary>Boot: Linux over ours, with points whatever the host's culture.</summary>
    [Test]
    public void A_boot_line_names_both_and_the_quotient()
    {
        var result = new BenchResult("boot", [0.31, 0.30, 9], [2.95, 2.9, 3.1], RatioIsPeerOverOurs: true, "here");
        Assert.That(result.Line, Is.EqualTo("bench boot: hauki 0.31 s, linux 2.95 s, ratio 9.52"));
    }

    /// <summary>Argon2: ours over theirs.</summary>
    [Test]
    public void An_argon2_line_divides_the_other_way()
    {
        var result = new BenchResult("argon2", [1, 3], [4], RatioIsPeerOverOurs: false, "here");
        Assert.That(result.Line, Is.EqualTo("bench argon2: hauki 2.00 s, linux 4.00 s, ratio 0.50"));
    }

    /// <summary>Another peer than Linux is named.</summary>
    [Test]
    public void A_line_names_the_peer()
    {
        var result = new BenchResult("teleport-total", [2], [4], RatioIsPeerOverOurs: false, "here")
        {
            PeerName = "qemu",
            Unit = "ms",
        };
        Assert.That(result.Line, Is.EqualTo("bench teleport-total: hauki 2.00 ms, qemu 4.00 ms, ratio 0.50"));
    }
}
