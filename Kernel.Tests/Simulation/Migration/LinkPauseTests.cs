using System;
using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>
/// Machines that stand still under a move, as emulated ones do on a busy computer: the clock goes on, frames fill the
/// card's ring and are lost beyond it. As long as both live, the link must.
/// </summary>
[TestFixture]
public sealed class LinkPauseTests
{
    private const int Page = 4096 + 16;

    [Test]
    public void Machines_that_stand_still_now_and_then_keep_their_link()
    {
        for (int seed = 500; seed < 520; seed++)
        {
            Random random = new(seed);
            using LinkLab lab = Begin(seed, random);
            RunWith(lab, random, () =>
            {
                LinkEnd paused = random.Next(2) == 0 ? lab.A : lab.B;
                Pause(lab, paused, random.Next(random.Next(5) == 0 ? 5500 : 300));
            });
        }
    }

    // The computer stands still with both machines on it; one of them goes on before the other.
    [Test]
    public void A_computer_that_stands_still_and_comes_back_piece_by_piece_kills_no_link()
    {
        for (int seed = 600; seed < 620; seed++)
        {
            Random random = new(seed);
            using LinkLab lab = Begin(seed, random);
            RunWith(lab, random, () =>
            {
                int all = random.Next(random.Next(3) == 0 ? 60_000 : 1000);
                bool isFirst = random.Next(2) == 0;
                int later = random.Next(3000);
                Pause(lab, lab.A, all + (isFirst ? 0 : later));
                Pause(lab, lab.B, all + (isFirst ? later : 0));
            });
        }
    }

    [Test]
    public void A_wire_that_carries_nothing_at_first_delays_the_link_and_no_more()
    {
        for (int seed = 700; seed < 706; seed++)
        {
            Random random = new(seed);
            using LinkLab lab = Begin(seed, random);
            (WireScript a, WireScript b) = (lab.A.Wire, lab.B.Wire);
            lab.Wire = new WireScript { Loss = 1 };
            lab.Run(random.Next(3500, 5500));
            (lab.A.Wire, lab.B.Wire) = (a, b);
            RunWith(lab, random, () => { });
        }
    }

    [Test]
    public void A_link_whose_peer_is_gone_is_dead_in_the_end_whatever_this_machine_does()
    {
        Random random = new(1);
        using LinkLab lab = new(1);
        lab.A.ToSend.Enqueue(Page);
        lab.RunUntil(lab.IsAllThere, 100);
        lab.B.IsOff = true;
        for (int i = 0; i < 100 && lab.A.Link.State == PacketLinkState.Open; i++)
        {
            Pause(lab, lab.A, random.Next(2000));
            lab.Run(2000);
        }

        Assert.That(lab.A.Link.State, Is.EqualTo(PacketLinkState.Dead), lab.Describe());
    }

    private static LinkLab Begin(int seed, Random random)
    {
        LinkLab lab = new(seed, random.Next(3, 100) * 1514, random.Next(3, 100) * 1514);
        lab.A.Wire = Wire(random);
        lab.B.Wire = Wire(random);
        for (int i = random.Next(20, 200); i > 0; i--)
        {
            lab.A.ToSend.Enqueue(Page);
            lab.B.ToSend.Enqueue(random.Next(100));
        }

        return lab;
    }

    private static void RunWith(LinkLab lab, Random random, Action happen)
    {
        for (int i = 0; i < 6; i++)
        {
            lab.Run(random.Next(1, random.Next(3) == 0 ? 3000 : 30));
            happen();
        }

        lab.RunUntil(() => lab.IsAllThere() || IsDead(lab));
        Assert.That(IsDead(lab), Is.False, lab.Describe());
    }

    private static bool IsDead(LinkLab lab) =>
        lab.A.Link.State == PacketLinkState.Dead || lab.B.Link.State == PacketLinkState.Dead;

    private static void Pause(LinkLab lab, LinkEnd end, int milliseconds) =>
        end.NextTurn = lab.Now.AddMilliseconds(milliseconds).Nanoseconds;

    private static WireScript Wire(Random random) => new()
    {
        Loss = random.Next(2) * random.NextDouble() * 0.1,
        Reorder = random.Next(2) * random.NextDouble() * 0.3,
        Duplicate = random.Next(2) * random.NextDouble() * 0.1,
        HoldUp = random.Next(50, 10_000),
        Delay = random.Next(1, 2000),
        ByteTime = random.Next(3) * 80,
        Ring = random.Next(4, 64),
        Turn = random.Next(20, 2000),
    };
}
