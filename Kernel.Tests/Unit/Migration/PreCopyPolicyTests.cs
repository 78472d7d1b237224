using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

[TestFixture]
internal sealed class PreCopyPolicyTests
{
    private const long Millisecond = 1_000_000;

    [Test]
    public void What_fits_into_the_downtime_stops_the_node()
    {
        var policy = new PreCopyPolicy(30);

        Assert.That(policy.Judge(1, 20 * Millisecond), Is.EqualTo(RoundVerdict.Stop));
        Assert.That(policy.WorkerShare, Is.EqualTo(100));
    }

    [Test]
    public void Nothing_is_decided_before_the_wire_was_measured()
    {
        Assert.That(new PreCopyPolicy(30).Judge(1, 0), Is.EqualTo(RoundVerdict.Again));
    }

    [Test]
    public void Progress_leaves_the_worker_alone()
    {
        var policy = new PreCopyPolicy(30);
        long left = 2000 * Millisecond;
        for (int round = 1; left > 30 * Millisecond; round++, left /= 2)
        {
            Assert.That(policy.Judge(round, left), Is.EqualTo(RoundVerdict.Again));
            Assert.That(policy.WorkerShare, Is.EqualTo(100));
        }
    }

    [Test]
    public void A_round_without_progress_slows_the_worker_down()
    {
        var policy = new PreCopyPolicy(30);
        policy.Judge(1, 900 * Millisecond);
        int before = policy.WorkerShare;

        policy.Judge(2, 900 * Millisecond);

        Assert.That(policy.WorkerShare, Is.LessThan(before));
    }

    [Test]
    public void A_workload_that_waits_in_the_end_converges_to_the_target()
    {
        // Every turn of the worker, however short, writes to everything; the loop itself to very little.
        var policy = new PreCopyPolicy(30);
        RoundVerdict verdict = RoundVerdict.Again;
        int round = 0;
        while (verdict == RoundVerdict.Again)
        {
            long left = (policy.WorkerShare > 0 ? 500 : 2) * Millisecond;
            verdict = policy.Judge(++round, left);
        }

        Assert.That(verdict, Is.EqualTo(RoundVerdict.Stop));
        Assert.That(round, Is.LessThan(8));
    }

    [Test]
    public void What_never_gets_less_stops_the_node_late_but_it_stops_it()
    {
        var policy = new PreCopyPolicy(30);
        RoundVerdict verdict = RoundVerdict.Again;
        int round = 0;
        while (verdict == RoundVerdict.Again)
        {
            verdict = policy.Judge(++round, 50_000 * Millisecond);
        }

        Assert.That(verdict, Is.EqualTo(RoundVerdict.StopLate));
        Assert.That(round, Is.LessThanOrEqualTo(PreCopyPolicy.RoundsMax));
        Assert.That(policy.WorkerShare, Is.EqualTo(PreCopyPolicy.ShareMin));
    }
}
