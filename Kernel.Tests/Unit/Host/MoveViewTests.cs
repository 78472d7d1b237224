using HaukiOS.Hardware;
using HaukiOS.Host.Control;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host;

/// <summary>What an operator far away sees of a move.</summary>
[TestFixture]
internal sealed class MoveViewTests
{
    [TestCase(0, 100, "standstill not known yet")]
    [TestCase(17, 100, "17 ms to stand still")]
    [TestCase(17, 25, "17 ms to stand still, worker at 25 %")]
    public void An_estimate_is_shown_once_there_is_one(int milliseconds, int share, string end)
    {
        var status = new MoveStatus
        {
            Phase = MovePhase.Copying, Round = 2, PagesLeft = 345, BytesPerSecond = 11_744_051,
            DirtyPagesPerSecond = 120, EstimatedDowntimeMs = milliseconds, WorkerShare = share,
        };
        Assert.That(
            MoveView.Line(status), Is.EqualTo($"round 2: 345 pages left, 11.7 MB/s, 120 pages/s written, {end}"));
    }
}
