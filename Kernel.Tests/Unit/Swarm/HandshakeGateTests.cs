using System.Collections.Generic;
using System.Linq;
using CsCheck;
using HaukiOS.Hardware;
using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Swarm;

[TestFixture]
public sealed class HandshakeGateTests
{
    private static readonly HandshakeLimits Limits = new();

    [Test]
    public void One_address_does_not_get_all_places()
    {
        var gate = new HandshakeGate(Limits);
        for (int i = 0; i < Limits.PerSourceMax; i++)
        {
            Assert.That(gate.TryEnter(1, At(i), out _, out bool replaced), Is.True);
            Assert.That(replaced, Is.False);
        }

        Assert.That(gate.TryEnter(1, At(100), out _, out _), Is.False);
        Assert.That(gate.TryEnter(2, At(100), out _, out _), Is.True);
        Assert.That(gate.TurnedAway, Is.EqualTo(1));
    }

    [Test]
    public void Behind_one_address_a_stale_handshake_makes_room()
    {
        var gate = new HandshakeGate(Limits);
        for (int i = 0; i < Limits.PerSourceMax; i++)
        {
            gate.TryEnter(1, At(i), out _, out _);
        }

        Assert.That(gate.TryEnter(1, At(Limits.GraceMilliseconds), out int place, out bool replaced), Is.True);
        Assert.That((place, replaced), Is.EqualTo((0, true)));
        Assert.That(gate.Count, Is.EqualTo(Limits.PerSourceMax));
    }

    [Test]
    public void A_flood_pushes_out_itself_and_not_the_others()
    {
        var gate = new HandshakeGate(Limits);
        gate.TryEnter(99, At(0), out int quiet, out _);
        for (uint i = 0; i < 300; i++)
        {
            Assert.That(gate.TryEnter(i % 8, At(1 + (int)i), out int place, out bool replaced)
                && place == quiet, Is.False);
            Assert.That(gate.Count, Is.LessThanOrEqualTo(Limits.HalfOpenMax), $"{replaced}");
        }

        Assert.That(gate.TryEnter(100, At(400), out int other, out bool pushed), Is.True);
        Assert.That(pushed, Is.True);
        Assert.That(other, Is.Not.EqualTo(quiet));
    }

    [Test]
    public void When_everybody_has_one_place_a_newcomer_waits_for_the_grace_of_the_longest()
    {
        var gate = new HandshakeGate(Limits);
        for (int i = 0; i < Limits.HalfOpenMax; i++)
        {
            Assert.That(gate.TryEnter((uint)i, At(i), out _, out _), Is.True);
        }

        Assert.That(gate.TryEnter(1000, At(Limits.GraceMilliseconds - 1), out _, out _), Is.False);
        Assert.That(gate.TryEnter(1000, At(Limits.GraceMilliseconds), out int place, out bool replaced), Is.True);
        Assert.That((place, replaced), Is.EqualTo((0, true)));
    }

    [Test]
    public void A_place_given_back_is_free()
    {
        var gate = new HandshakeGate(Limits with { HalfOpenMax = 1 });
        Assert.That(gate.TryEnter(1, At(0), out int place, out _), Is.True);
        Assert.That(gate.TryEnter(2, At(1), out _, out _), Is.False);
        gate.Leave(place);
        gate.Leave(place);
        Assert.That(gate.Count, Is.Zero);
        Assert.That(gate.TryEnter(2, At(1), out _, out bool replaced), Is.True);
        Assert.That(replaced, Is.False);
    }

    [Test]
    public void Work_is_a_burst_and_then_a_rate()
    {
        var gate = new HandshakeGate(Limits);
        int done = 0;
        for (int i = 0; i < 10_000; i++)
        {
            done += gate.TryTakeWork(At(i)) ? 1 : 0;
            Assert.That(i > 0 || done == 1);
        }

        Assert.That(done, Is.InRange(10 * Limits.WorkPerSecond, (10 * Limits.WorkPerSecond) + Limits.WorkBurst));

        int burst = 0;
        while (gate.TryTakeWork(At(60_000)))
        {
            burst++;
        }

        Assert.That(burst, Is.EqualTo(Limits.WorkBurst));
        Assert.That(gate.WorkDue > At(60_000));
        Assert.That(gate.TryTakeWork(gate.WorkDue), Is.True);
    }

    [Test]
    public void Places_stay_bounded_and_unique_whatever_comes()
    {
        Gen.Select(Gen.UInt[0, 5], Gen.Int[0, 300], Gen.Bool).Array[1, 300].Sample(moves =>
        {
            var gate = new HandshakeGate(Limits with { HalfOpenMax = 6, PerSourceMax = 3 });
            var holders = new Dictionary<int, uint>();
            int now = 0;
            foreach ((uint source, int wait, bool enters) in moves)
            {
                now += wait;
                if (!enters)
                {
                    if (holders.Count > 0)
                    {
                        int leaving = holders.Keys.First();
                        gate.Leave(leaving);
                        holders.Remove(leaving);
                    }
                }
                else if (gate.TryEnter(source, At(now), out int place, out bool replaced))
                {
                    if (holders.ContainsKey(place) != replaced)
                    {
                        return false;
                    }

                    holders[place] = source;
                }

                if (gate.Count != holders.Count || holders.Values.CountBy(by => by).Any(pair => pair.Value > 3))
                {
                    return false;
                }
            }

            return true;
        });
    }

    private static Instant At(int milliseconds) => Instant.PowerOn.AddMilliseconds(milliseconds);
}
