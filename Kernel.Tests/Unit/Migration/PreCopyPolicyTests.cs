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
        var policy = new PreCopyPolicy(30, new DowntimeModel());

        Assert.That(policy.Judge(1, 17 * Millisecond), Is.EqualTo(RoundVerdict.Stop));
        Assert.That(policy.WorkerShare, Is.EqualTo(100));
    }

    [Test]
    public void Nothing_is_decided_before_the_wire_was_measured()
    {
        var policy = new PreCopyPolicy(30, new DowntimeModel());
        Assert.That(policy.Judge(1, 0), Is.EqualTo(RoundVerdict.Again));
        Assert.That(policy.Estimate, Is.Zero, "nothing is known");
        Assert.That(policy.IsTooLong(Millisecond), Is.False);
        Assert.That(policy.Estimate, Is.EqualTo(13 * Millisecond), "with what a move is thought to take besides");
    }

    [Test]
    public void A_round_of_which_nothing_is_known_is_no_yardstick_for_the_next_ones()
    {
        var policy = new PreCopyPolicy(30, new DowntimeModel());
        policy.Judge(1, 0);
        policy.Judge(2, 900 * Millisecond);
        policy.Judge(3, 450 * Millisecond);
        Assert.That(policy.WorkerShare, Is.EqualTo(100));
    }

    [Test]
    public void A_move_of_which_nothing_was_expected_teaches_nothing()
    {
        var model = new DowntimeModel();
        long before = model.FixedNanoseconds;
        model.Learn(50 * Millisecond, 0);
        Assert.That(model.FixedNanoseconds, Is.EqualTo(before));
    }

    [Test]
    public void Progress_leaves_the_worker_alone()
    {
        var policy = new PreCopyPolicy(30, new DowntimeModel());
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
        var policy = new PreCopyPolicy(30, new DowntimeModel());
        policy.Judge(1, 900 * Millisecond);
        int before = policy.WorkerShare;

        policy.Judge(2, 900 * Millisecond);

        Assert.That(policy.WorkerShare, Is.LessThan(before));
    }

    [Test]
    public void A_workload_that_waits_in_the_end_converges_to_the_target()
    {
        // Every turn of the worker, however short, writes to everything; the loop itself to very little.
        var policy = new PreCopyPolicy(30, new DowntimeModel());
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
        var policy = new PreCopyPolicy(30, new DowntimeModel());
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

    [Test]
    public void What_earlier_moves_took_is_reckoned_with_and_nearly_all_stay_within_the_estimate()
    {
        var random = new System.Random(5);
        var model = new DowntimeModel();
        int late = 0;
        for (int move = 0; move < 1000; move++)
        {
            // Between 14 and 18 ms besides the pages, and now and then a computer that stands still.
            var policy = new PreCopyPolicy(30, model);
            long pages = random.Next(1, 10) * Millisecond;
            policy.IsTooLong(pages);
            long took = pages + (14 * Millisecond) + random.NextInt64(4 * Millisecond);
            took += move % 100 == 99 ? 500 * Millisecond : 0;
            late += move >= 10 && took > policy.Estimate ? 1 : 0;
            model.Learn(took, policy.Estimate);
        }

        Assert.That(late, Is.InRange(20, 80), "about one in twenty");
        Assert.That(model.FixedNanoseconds / Millisecond, Is.InRange(16, 20));
    }

    [Test]
    public void A_node_whose_moves_take_long_is_stopped_with_less_left()
    {
        var model = new DowntimeModel();
        Assert.That(new PreCopyPolicy(30, model).IsTooLong(15 * Millisecond), Is.False);
        for (int move = 0; move < 10; move++)
        {
            model.Learn(20 * Millisecond, model.FixedNanoseconds);
        }

        Assert.That(new PreCopyPolicy(30, model).IsTooLong(15 * Millisecond), Is.True);
    }
}
