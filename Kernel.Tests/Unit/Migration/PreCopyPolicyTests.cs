using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

[TestFixture]
internal sealed class PreCopyPolicyTests
{
    private const long MebibytePerSecond = 1 << 20;

    [Test]
    public void What_fits_into_the_downtime_stops_the_node()
    {
        var policy = new PreCopyPolicy(30);

        Assert.That(policy.Judge(1, 100 << 10, 10 * MebibytePerSecond), Is.EqualTo(RoundVerdict.Stop));
        Assert.That(policy.WorkerShare, Is.EqualTo(100));
    }

    [Test]
    public void Nothing_is_decided_before_the_wire_was_measured()
    {
        Assert.That(new PreCopyPolicy(30).Judge(1, 1000, 0), Is.EqualTo(RoundVerdict.Again));
    }

    [Test]
    public void Progress_leaves_the_worker_alone()
    {
        var policy = new PreCopyPolicy(30);
        long left = 64 << 20;
        for (int round = 1; left > 1 << 20; round++, left /= 2)
        {
            Assert.That(policy.Judge(round, left, 10 * MebibytePerSecond), Is.EqualTo(RoundVerdict.Again));
            Assert.That(policy.WorkerShare, Is.EqualTo(100));
        }
    }

    [Test]
    public void A_round_without_progress_slows_the_worker_down()
    {
        var policy = new PreCopyPolicy(30);
        policy.Judge(1, 50 << 20, 10 * MebibytePerSecond);
        int before = policy.WorkerShare;

        policy.Judge(2, 50 << 20, 10 * MebibytePerSecond);

        Assert.That(policy.WorkerShare, Is.LessThan(before));
    }

    [Test]
    public void A_workload_in_proportion_to_its_share_converges_to_the_target()
    {
        // 50 MiB written as fast as the worker can, over a wire that carries a tenth of that.
        var policy = new PreCopyPolicy(30);
        RoundVerdict verdict = RoundVerdict.Again;
        int round = 0;
        while (verdict == RoundVerdict.Again)
        {
            long left = (50L << 20) * policy.WorkerShare / 100 / 10;
            verdict = policy.Judge(++round, left, 25 * MebibytePerSecond);
        }

        Assert.That(verdict, Is.EqualTo(RoundVerdict.Stop));
        Assert.That(round, Is.LessThan(12));
    }

    [Test]
    public void What_never_gets_less_stops_the_node_late_but_it_stops_it()
    {
        var policy = new PreCopyPolicy(30);
        RoundVerdict verdict = RoundVerdict.Again;
        int round = 0;
        while (verdict == RoundVerdict.Again)
        {
            verdict = policy.Judge(++round, 50 << 20, MebibytePerSecond);
        }

        Assert.That(verdict, Is.EqualTo(RoundVerdict.StopLate));
        Assert.That(round, Is.LessThanOrEqualTo(PreCopyPolicy.RoundsMax));
        Assert.That(policy.WorkerShare, Is.EqualTo(PreCopyPolicy.ShareMin));
    }
}
