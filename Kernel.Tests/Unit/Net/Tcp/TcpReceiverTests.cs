using System.Collections.Generic;
using System.Linq;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Tcp;

/// <summary>What happens to data that arrives, and how it is acknowledged.</summary>
[TestFixture]
internal sealed class TcpReceiverTests
{
    // Past the first segments, which are acknowledged at once.
    private static TcpScript Settled(bool sack = true, bool timestamps = false)
    {
        TcpScript script = TcpScript.Accepted(sack: sack, timestamps: timestamps);
        for (uint i = 0; i < 20; i++)
        {
            script.Inject("A", 1 + (i * 1000), 1, 1000);
            script.ExpectReceived(1 + (i * 1000), 1000);
            script.TakeAll();
        }

        script.Pass(100);
        script.TakeAll();
        return script;
    }

    // The second segment is 50 ticks older than the first.
    private static TcpScript AfterAnOldTimestamp()
    {
        TcpScript script = Settled(timestamps: true);
        script.PeerClock += 100;
        script.Inject("A", 20_001, 1, 1000);
        script.ExpectReceived(20_001, 1000);
        script.TakeAll();
        script.PeerClock -= 50;
        script.Inject("A", 21_001, 1, 1000);
        return script;
    }

    [Test(Description = "RFC 9293, section 3.8.6.3; RFC 5681, section 4.2: no later than half a second; ours is 40 ms")]
    public void A_single_segment_is_acknowledged_after_a_delay()
    {
        TcpScript script = Settled();
        script.Inject("A", 20_001, 1, 1000);
        script.ExpectNothing();
        script.Pass(39);
        script.ExpectNothing();
        script.Pass(1);
        script.Expect("A", 1, 21_001);
        script.Pass(1000);
        script.ExpectNothing();
    }

    [Test(Description = "RFC 5681, section 4.2: at least every second full segment")]
    public void Every_second_full_segment_is_acknowledged_at_once()
    {
        TcpScript script = Settled();
        script.Inject("A", 20_001, 1, 1000);
        script.ExpectNothing();
        script.Inject("A", 21_001, 1, 1000);
        script.Expect("A", 1, 22_001);
        script.Inject("A", 22_001, 1, 1000);
        script.ExpectNothing();
    }

    [Test(Description = "RFC 9293, section 3.8.6.3: data that goes the other way carries the acknowledgement")]
    public void Data_carries_the_acknowledgement()
    {
        TcpScript script = Settled();
        script.Inject("A", 20_001, 1, 1000);
        script.Send(1, 5);
        script.Expect("A", 1, 21_001, 5);
        script.Pass(39);
        script.ExpectNothing();
    }

    [Test(Description = "The first segments of a connection are acknowledged at once: the peer is in slow start")]
    public void The_first_segments_are_acknowledged_at_once()
    {
        TcpScript script = TcpScript.Accepted();
        for (uint i = 0; i < 10; i++)
        {
            script.Inject("A", 1 + (i * 100), 1, 100);
            script.Expect("A", 1, 101 + (i * 100));
        }
    }

    [Test(Description = "RFC 5681, section 4.2, and RFC 2018, section 4: what is ahead of a gap is reported at once")]
    public void Segments_ahead_of_gaps_are_reported_the_newest_first()
    {
        TcpScript script = Settled();
        script.Inject("A", 21_001, 1, 1000);
        Expect(script, 20_001, (21_001, 22_001));
        script.Inject("A", 25_001, 1, 1000);
        Expect(script, 20_001, (25_001, 26_001), (21_001, 22_001));
        script.Inject("A", 23_001, 1, 1000);
        Expect(script, 20_001, (23_001, 24_001), (25_001, 26_001), (21_001, 22_001));
        script.Inject("A", 24_001, 1, 1000);
        Expect(script, 20_001, (23_001, 26_001), (21_001, 22_001));
        script.Inject("A", 20_001, 1, 1000);
        Expect(script, 22_001, (23_001, 26_001));
        script.Inject("A", 22_001, 1, 1000);
        Expect(script, 26_001);
        script.ExpectReceived(20_001, 6000);
    }

    [Test(Description = "RFC 2018, section 3: four blocks without timestamps, three with them")]
    public void As_many_blocks_are_reported_as_there_is_room_for()
    {
        foreach (bool timestamps in new[] { false, true })
        {
            TcpScript script = Settled(timestamps: timestamps);
            for (uint i = 0; i < 6; i++)
            {
                script.Inject("A", 21_001 + (i * 2000), 1, 1000);
            }

            Assert.That(script.TakeAll().Last().Sacks, Has.Count.EqualTo(timestamps ? 3 : 4));
        }
    }

    [Test(Description = "RFC 2883, section 4.1: a duplicate is the first block")]
    public void What_arrives_twice_is_reported_as_a_duplicate()
    {
        TcpScript script = Settled();
        script.Inject("A", 19_001, 1, 1000);
        Expect(script, 20_001, (19_001, 20_001));
        script.Inject("A", 21_001, 1, 1000);
        Expect(script, 20_001, (21_001, 22_001));
        script.Inject("A", 21_001, 1, 1000);
        Expect(script, 20_001, (21_001, 22_001), (21_001, 22_001));
        script.Inject("A", 20_501, 1, 100);
        Expect(script, 20_001, (20_501, 20_601), (21_001, 22_001));
    }

    [Test(Description = "RFC 5681, section 4.2: a peer without SACK counts acknowledgements")]
    public void A_peer_without_sack_gets_an_acknowledgement_for_each_segment_ahead_of_a_gap()
    {
        TcpScript script = Settled(sack: false);
        for (uint i = 1; i <= 5; i++)
        {
            script.Inject("A", 20_001 + (i * 1000), 1, 1000);
        }

        List<Sent> all = script.TakeAll();
        Assert.That(all, Has.Count.EqualTo(5));
        Assert.That(all.All(sent => sent.Acknowledgement - script.PeerStart == 20_001 && sent.Sacks.Count == 0));
        script.Inject("A", 20_001, 1, 1000);
        script.Expect("A", 1, 26_001);
        script.ExpectNothing();
    }

    [Test(Description = "RFC 9293, section 3.10.7.4: segments may overlap in any way")]
    public void Overlapping_segments_give_every_byte_once()
    {
        TcpScript script = TcpScript.Accepted();
        script.Inject("A", 501, 1, 1000);
        script.Inject("A", 1201, 1, 1000);
        script.Inject("A", 301, 1, 300);
        script.Inject("A", 1, 1, 700);
        script.ExpectReceived(1, 2200);
        script.Inject("A", 1001, 1, 1500);
        script.ExpectReceived(2201, 300);
    }

    [Test(Description = "RFC 9293, section 3.8.6.2.2: the window only opens by what is worth a segment")]
    public void A_window_that_was_closed_opens_by_a_segment_at_least()
    {
        TcpScript script = TcpScript.Accepted(limits: new TcpLimits { RingMax = 4096 });
        script.Inject("A", 1, 1, 1400);
        script.Inject("A", 1401, 1, 1400);
        script.Inject("A", 2801, 1, 1296);
        Assert.That(script.TakeAll().Last().Window, Is.Zero);

        // A probe is answered, its byte is not taken.
        script.Inject("A", 4097, 1, 1);
        Assert.That(script.Expect("A", 1, 4097).Window, Is.Zero);
        script.ExpectNothing();
        script.Connection.Consume(1000, script.Now);
        script.ExpectNothing();
        script.Connection.Consume(460, script.Now);
        Assert.That(script.Expect("A", 1, 4097).Window, Is.EqualTo(1460));
        script.Connection.Consume(2636, script.Now);
        Assert.That(script.Expect("A", 1, 4097).Window, Is.EqualTo(4096));
    }

    [Test(Description = "RFC 9293, section 3.8.6: data beyond the window is cut off, and the edge never moves back")]
    public void Data_beyond_the_window_is_not_taken()
    {
        TcpScript script = TcpScript.Accepted(limits: new TcpLimits { RingMax = 4096 });
        script.Inject("A", 1, 1, 4000);
        script.Inject("A", 4001, 1, 1000);
        Sent last = script.TakeAll().Last();
        Assert.That((last.Acknowledgement - script.PeerStart, last.Window), Is.EqualTo((4097u, 0)));
        script.Inject("A", 5001, 1, 1000);
        Assert.That(script.Expect("A", 1, 4097).Sacks, Is.Empty.Or.Count.EqualTo(1), "a duplicate at most");
        script.ExpectReceived(1, 4096);
    }

    [Test(Description = "RFC 9293, section 3.10.7.4: acknowledgements count although the window is closed")]
    public void With_a_closed_window_acknowledgements_still_count()
    {
        TcpScript script = TcpScript.Accepted(limits: new TcpLimits { RingMax = 4096 });
        script.Send(1, 100);
        script.Take();
        script.Inject("A", 1, 1, 4096);
        script.TakeAll();
        script.Inject("A", 4097, 101, 10);
        Assert.That(script.Connection.SendPending, Is.Zero);
    }

    [Test(Description = "RFC 6093: the urgent pointer is not used, the data is")]
    public void Urgent_data_is_data()
    {
        TcpScript script = TcpScript.Accepted();
        script.Inject("UA", 1, 1, 10);
        script.ExpectReceived(1, 10);
    }

    [Test(Description = "RFC 7323, section 2.3: windows are shifted, but not those of SYNs")]
    public void A_scaled_window_is_more_than_16_bits_hold()
    {
        TcpScript script = TcpScript.Accepted(window: 65535, scale: 7);
        script.Inject("A", 1, 1, window: 60_000);
        Assert.That(script.Connection.Statistics.SendWindow, Is.EqualTo(60_000 << 7));
    }

    [Test(Description = "RFC 7323, section 2.2: no scaling unless both offer it")]
    public void What_the_peer_does_not_offer_it_does_not_get()
    {
        var script = new TcpScript();
        script.Listen();
        Sent answer = script.Handshake(sack: false);
        Assert.That((answer.WindowScale, answer.SackPermitted, answer.Timestamp),
            Is.EqualTo((-1, false, ((uint, uint)?)null)));
    }

    [Test(Description = "RFC 7323, section 5.3: PAWS")]
    public void A_segment_with_an_old_timestamp_is_not_taken()
    {
        TcpScript script = AfterAnOldTimestamp();
        Assert.That(script.Connection.ReceiveAvailable, Is.Zero);
        script.Expect("A", 1, 21_001);
        Assert.That(script.Tcp.Counters.PawsRejected, Is.EqualTo(1));
    }

    [Test(Description = "RFC 2883, section 4: only what came twice is a duplicate")]
    public void What_is_not_taken_is_not_reported_as_if_it_had_come_before()
    {
        TcpScript script = AfterAnOldTimestamp();
        Assert.That(script.Expect("A", 1, 21_001).Sacks, Is.Empty);
        script.Inject("A", 20_501, 1, 1000);
        Assert.That(script.Expect("A", 1, 21_001).Sacks, Is.EqualTo(
            new[] { (script.PeerStart + 20_501, script.PeerStart + 21_001) }));
    }

    [Test(Description = "A landed node gets what was kept for it after what its peer has sent again meanwhile")]
    public void Kept_segments_are_taken_although_newer_ones_have_overtaken_them()
    {
        TcpScript script = Settled(timestamps: true);
        script.Tcp.OnLanded(script.Now);
        script.TakeAll();
        script.PeerClock += 30;
        script.Inject("A", 23_001, 1, 1000);
        script.Inject("A", 20_001, 1, 1000);
        script.PeerClock -= 20;
        script.Inject("A", 21_001, 1, 1000);
        script.Inject("A", 22_001, 1, 1000);
        script.ExpectReceived(20_001, 4000);
        Assert.That(script.Tcp.Counters.PawsRejected, Is.Zero);
        script.TakeAll();

        script.Inject("A", 22_001, 1, 1000);
        Assert.That(script.Tcp.Counters.PawsRejected, Is.EqualTo(1), "nothing in it is new");
        script.Pass(500);
        script.Inject("A", 24_001, 1, 1000);
        Assert.That(script.Tcp.Counters.PawsRejected, Is.EqualTo(2), "what was kept has come by now");
    }

    [Test(Description = "RFC 7323, section 5.5: after 24 days an old timestamp proves nothing")]
    public void After_24_days_of_silence_any_timestamp_is_taken()
    {
        TcpScript script = Settled(timestamps: true);
        for (int i = 0; i < 25 * 24; i++)
        {
            script.Pass(60 * 60 * 1000);
        }

        script.PeerClock -= 1_000_000;
        script.Inject("A", 20_001, 1, 1000);
        script.ExpectReceived(20_001, 1000);
    }

    [Test(Description = "RFC 7323, section 3.2: once agreed, every segment has a timestamp, but for resets")]
    public void A_segment_without_the_agreed_timestamp_is_dropped()
    {
        TcpScript script = Settled(timestamps: true);
        script.PeerClock = null;
        script.Inject("A", 20_001, 1, 1000);
        Assert.That(script.Connection.ReceiveAvailable, Is.Zero);
        script.ExpectNothing();
        script.Inject("R", 20_001, 0);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Closed));
    }

    [Test(Description = "RFC 7323, section 4.3: the echo is of the segment that moved the window on")]
    public void The_oldest_unacknowledged_timestamp_is_echoed()
    {
        TcpScript script = Settled(timestamps: true);
        uint first = (uint)script.PeerClock!;
        script.PeerClock = first + 10;
        script.Inject("A", 20_001, 1, 1000);
        script.PeerClock = first + 20;
        script.Inject("A", 21_001, 1, 1000);
        Assert.That(script.Take().Timestamp?.Echo, Is.EqualTo(first + 10), "two segments, one acknowledgement");
        script.PeerClock = first + 30;
        script.Inject("A", 23_001, 1, 1000);
        Assert.That(script.Take().Timestamp?.Echo, Is.EqualTo(first + 10), "ahead of a gap");
        script.PeerClock = first + 40;
        script.Inject("A", 22_001, 1, 1000);
        Assert.That(script.Take().Timestamp?.Echo, Is.EqualTo(first + 40), "the gap is closed");
    }

    [Test]
    public void The_window_grows_for_an_owner_that_takes_what_comes()
    {
        TcpScript script = TcpScript.Accepted(scale: 7, window: 65535);
        uint at = 1;
        int largest = 0;
        for (int i = 0; i < 600; i++)
        {
            script.Inject("A", at, 1, 1000);
            at += 1000;
            if (i % 10 == 9)
            {
                script.ExpectReceived(at - 10_000, 10_000);
                script.Pass(1);
            }

            script.TakeAll();
            largest = System.Math.Max(largest, script.Connection.Statistics.ReceiveWindow);
        }

        Assert.That(largest, Is.GreaterThan(20_000).And.LessThanOrEqualTo(256 * 1024));
    }

    private static void Expect(TcpScript script, uint acknowledged, params (uint Start, uint End)[] sacks)
    {
        Sent sent = script.Expect("A", 1, acknowledged);
        Assert.That(
            sent.Sacks.Select(sack => (sack.Start - script.PeerStart, sack.End - script.PeerStart)),
            Is.EqualTo(sacks));
    }
}
