using System;
using System.Collections.Generic;
using HaukiOS.Net;
using NUnit.Framework;
using static HaukiOS.Tests.Simulation.Net.NetLab;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>A host stands still for a while, as a node does that is moved, and then speaks first.</summary>
[TestFixture]
public sealed class LandingTests
{
    private const ushort Port = 5000;
    private const long Downtime = 20 * Millisecond;

    // What the source needs to see that the target runs, and to send on what it has kept.
    private const long SentOnAfter = 500_000;

    [TestCase(TcpState.SynSent)]
    [TestCase(TcpState.SynReceived)]
    [TestCase(TcpState.Established)]
    [TestCase(TcpState.FinWait1)]
    [TestCase(TcpState.FinWait2)]
    [TestCase(TcpState.CloseWait)]
    [TestCase(TcpState.Closing)]
    [TestCase(TcpState.LastAck)]
    [TestCase(TcpState.TimeWait)]
    public void A_standstill_in_every_state_of_a_connection_harms_no_conversation(TcpState state)
    {
        StateTests.MeetIn(state, 60, 8, (lab, host, _) => StandStill(
            lab, host, lab.Random.NextInt64(300 * Millisecond), isTold: true, lab.Random.Next(2) == 0));
    }

    [Test]
    public void Hosts_that_stand_still_again_and_again_keep_their_conversations() => ForSeeds(40_000, 6, seed =>
    {
        NetLab lab = new(seed, script: TransferTests.RandomLink(new Random(seed)));
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        for (int i = 0; i < 3; i++)
        {
            TalkPlan plan = TransferTests.RandomPlan(lab.Random, 200_000);
            talk.Call(lab.A, lab.B, Port, plan, TransferTests.RandomPlan(lab.Random, 200_000));
        }

        for (int moves = 0; !talk.All.TrueForAll(one => one.IsOver) && moves < 25; moves++)
        {
            lab.Run(lab.Random.NextInt64(100 * Millisecond));
            SimulatedHost host = lab.Random.Next(2) == 0 ? lab.A : lab.B;
            StandStill(lab, host, lab.Random.NextInt64(200 * Millisecond), isTold: true, lab.Random.Next(2) == 0);
        }

        talk.RunToEnd();
        talk.Check();
        lab.RequireClean();
    });

    // The peer is this very stack, whose shortest timeout is the common one of 200 ms.
    [TestCase(true, true, true, ExpectedResult = true)]
    [TestCase(true, true, false, ExpectedResult = true)]
    [TestCase(true, false, true, ExpectedResult = true)]
    [TestCase(false, true, true, ExpectedResult = true)]
    [TestCase(false, false, false, ExpectedResult = false)]
    public bool The_pause_that_a_client_sees_is_hardly_longer_than_the_standstill(
        bool isTold, bool keepsFrames, bool clientReceives)
    {
        long worst = 0;
        for (int seed = 1; seed <= 10; seed++)
        {
            worst = Math.Max(worst, LongestPause(seed, isTold, keepsFrames, clientReceives));
        }

        TestContext.Out.WriteLine($"longest pause {worst / 1000} us, of which {Downtime / 1000} us stood still");
        return worst < Downtime + (3 * Millisecond);
    }

    private static void StandStill(NetLab lab, SimulatedHost host, long time, bool isTold, bool keepsFrames)
    {
        host.KeptFramesDelay = keepsFrames ? SentOnAfter : null;
        host.Stop();
        lab.Run(time);
        host.GoOn(isTold);
    }

    // The node is A. One stream as fast as it goes, 100 Mbit/s.
    private static long LongestPause(int seed, bool isTold, bool keepsFrames, bool clientReceives)
    {
        NetLab lab = new(seed, script: new LinkScript { BitsPerSecond = 100_000_000 });
        Conversations talk = new(lab);
        talk.Listen(lab.A, Port);
        TalkPlan speaks = new() { Bytes = 20_000_000 };
        TalkPlan listens = new();
        Conversation one = talk.Call(
            lab.B, lab.A, Port, clientReceives ? listens : speaks, clientReceives ? speaks : listens);
        lab.Run(500 * Millisecond);
        Talker receiver = clientReceives ? one.Caller : one.Callee!;
        List<long> moments = [];
        void Watch(long time)
        {
            long end = lab.Time.Now.Nanoseconds + time;
            while (lab.Time.Now.Nanoseconds < end)
            {
                long before = receiver.Received;
                lab.Run(50_000);
                if (receiver.Received != before)
                {
                    moments.Add(lab.Time.Now.Nanoseconds);
                }
            }
        }

        Watch((20 * Millisecond) + lab.Random.NextInt64(Millisecond));
        lab.A.KeptFramesDelay = keepsFrames ? SentOnAfter : null;
        lab.A.Stop();
        Watch(Downtime);
        lab.A.GoOn(isTold);
        Watch(600 * Millisecond);
        long longest = 0;
        for (int i = 1; i < moments.Count; i++)
        {
            longest = Math.Max(longest, moments[i] - moments[i - 1]);
        }

        lab.Require(moments.Count > 100, "the stream has stopped");
        return longest;
    }
}
