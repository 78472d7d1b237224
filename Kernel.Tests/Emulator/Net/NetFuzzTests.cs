using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Net;

/// <summary>Mutated frames against a live node: a part of what <c>make soak ONLY=net-fuzz</c> does.</summary>
[TestFixture(NetworkCard.Rtl8139)]
[TestFixture(NetworkCard.Ne2000Pci)]
[TestFixture(NetworkCard.Ne2000Isa)]
public sealed class NetFuzzTests(string card) : NetFixture(card)
{
    /// <summary>The node answers all the while, its console too, and its memory is as it was.</summary>
    [Test]
    public void Mutated_frames_leave_the_node_as_it_was()
    {
        const int frames = 20_000;
        MemoryFigures before;
        using (var fuzz = new GuestFuzz(Lab, seed: 20_261_123))
        {
            // A tenth of it fills what is filled once and kept.
            fuzz.Run(frames / 10, TestContext.Out.WriteLine);
            before = Lab.ReadMemory();
            fuzz.Run(frames, TestContext.Out.WriteLine);
            TestContext.Out.WriteLine($"{fuzz.AskedAgain} asked again, {fuzz.Exchanges} honest exchanges");
        }

        var after = Lab.ReadMemory();

        // A few connections whose peers were lies are still being asked whether they are there.
        Assert.That(after.LiveKibibytes, Is.EqualTo(before.LiveKibibytes).Within(1024), "KiB alive");
        AssertEchoes();
    }
}
