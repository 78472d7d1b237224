using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Swarm;

[TestFixture]
public sealed class DatagramRecordsTests
{
    private const int Span = DatagramRecords.DatagramsPerKey;

    [Test]
    public void Messages_arrive_in_any_order_and_each_once()
    {
        (DatagramRecords one, DatagramRecords other) = Pair();
        List<byte[]> sent = Enumerable.Range(0, 500).Select(i => Seal(one, BitConverter.GetBytes(i))).ToList();
        var random = new Random(7);
        byte[] into = new byte[64];
        foreach (int i in Enumerable.Range(0, sent.Count).OrderBy(_ => random.Next()))
        {
            Assert.That(other.Open(sent[i], into, out int length), Is.EqualTo(DatagramOutcome.Message));
            Assert.That(into.AsSpan(0, length).ToArray(), Is.EqualTo(BitConverter.GetBytes(i)));
            Assert.That(other.Open(sent[i], into, out _), Is.EqualTo(DatagramOutcome.Replayed));
        }
    }

    [Test]
    public void Both_directions_have_keys_of_their_own()
    {
        (DatagramRecords one, DatagramRecords other) = Pair();
        byte[] into = new byte[64];
        byte[] reflected = Seal(one, "hello"u8);
        Assert.That(one.Open(reflected, into, out _), Is.EqualTo(DatagramOutcome.NotAuthentic));
        Assert.That(other.Open(reflected, into, out _), Is.EqualTo(DatagramOutcome.Message));
        Assert.That(one.Open(Seal(other, "hello"u8), into, out _), Is.EqualTo(DatagramOutcome.Message));
    }

    [Test]
    public void No_bit_can_be_flipped_and_a_forgery_does_not_block_the_real_one()
    {
        (DatagramRecords one, DatagramRecords other) = Pair();
        byte[] datagram = Seal(one, "hello"u8), into = new byte[64];
        for (int bit = 0; bit < datagram.Length * 8; bit++)
        {
            byte[] changed = (byte[])datagram.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            DatagramOutcome outcome = other.Open(changed, into, out int length);
            Assert.That(outcome, Is.EqualTo(DatagramOutcome.NotAuthentic).Or.EqualTo(DatagramOutcome.OutOfReach));
            Assert.That(length, Is.Zero);
        }

        Assert.That(other.Open(datagram, into, out _), Is.EqualTo(DatagramOutcome.Message));
    }

    [Test]
    public void Every_other_length_is_refused()
    {
        (DatagramRecords one, DatagramRecords other) = Pair();
        byte[] datagram = Seal(one, "hello"u8), into = new byte[70_000];
        for (int length = 0; length < datagram.Length; length++)
        {
            DatagramOutcome outcome = other.Open(datagram.AsSpan(0, length), into, out _);
            Assert.That(outcome, Is.EqualTo(DatagramOutcome.BadLength).Or.EqualTo(DatagramOutcome.NotAuthentic));
        }

        Assert.That(other.Open(new byte[65_508], into, out _), Is.EqualTo(DatagramOutcome.BadLength));
        Assert.That(other.Open(new byte[65_507], into, out _), Is.EqualTo(DatagramOutcome.NotAuthentic));
    }

    [Test]
    public void The_longest_message_passes_and_padding_hides_the_length()
    {
        (DatagramRecords one, DatagramRecords other) = Pair();
        byte[] longest = new byte[DatagramRecords.MessageMax], wire = new byte[65_507], into = new byte[65_507];
        Assert.That(one.Seal(longest, wire), Is.EqualTo(wire.Length));
        Assert.That(other.Open(wire, into, out int length), Is.EqualTo(DatagramOutcome.Message));
        Assert.That(length, Is.EqualTo(longest.Length));

        int brief = one.Seal("a"u8, wire, 100);
        Assert.That(other.Open(wire.AsSpan(0, brief), into, out length), Is.EqualTo(DatagramOutcome.Message));
        Assert.That((brief, length), Is.EqualTo((100 + DatagramRecords.Overhead, 1)));
        Assert.That(one.Seal("a long one"u8, wire, 100), Is.EqualTo(brief));
    }

    [Test]
    public void Keys_change_with_the_counter_and_late_datagrams_of_the_old_key_still_open()
    {
        (DatagramRecords one, DatagramRecords other) = Pair();
        byte[] into = new byte[64];
        List<byte[]> sent = Enumerable.Range(0, (2 * Span) + 10).Select(_ => Seal(one, "x"u8)).ToList();
        Assert.That(other.Open(sent[Span - 2], into, out _), Is.EqualTo(DatagramOutcome.Message));
        Assert.That(other.Open(sent[Span + 1], into, out _), Is.EqualTo(DatagramOutcome.Message));
        Assert.That(other.Open(sent[Span - 1], into, out _), Is.EqualTo(DatagramOutcome.Message));
        Assert.That(other.Open(sent[Span], into, out _), Is.EqualTo(DatagramOutcome.Message));
        Assert.That(other.Open(sent[(2 * Span) + 1], into, out _), Is.EqualTo(DatagramOutcome.Message));
        Assert.That(other.Open(sent[(2 * Span) - 1], into, out _), Is.EqualTo(DatagramOutcome.Message));
        Assert.That(other.Open(sent[Span - 3], into, out _), Is.EqualTo(DatagramOutcome.Replayed));
    }

    [Test]
    public void A_gap_of_more_than_a_key_is_out_of_reach()
    {
        (DatagramRecords one, DatagramRecords other) = Pair();
        byte[] into = new byte[64];
        List<byte[]> sent = Enumerable.Range(0, (2 * Span) + 1).Select(_ => Seal(one, "x"u8)).ToList();
        Assert.That(other.Open(sent[2 * Span], into, out _), Is.EqualTo(DatagramOutcome.OutOfReach));
        Assert.That(other.Open(sent[(2 * Span) - 1], into, out _), Is.EqualTo(DatagramOutcome.Message));
        Assert.That(other.Open(sent[2 * Span], into, out _), Is.EqualTo(DatagramOutcome.Message));
    }

    [Test]
    public void The_end_is_told_and_used_up_counters_are_an_error()
    {
        (CipherState send, CipherState receive) = (new CipherState(), new CipherState());
        send.InitializeKey(new byte[32]);
        receive.InitializeKey(new byte[32]);
        var one = new DatagramRecords(send, receive);
        byte[] wire = new byte[100];
        int length = one.SealClose(wire);
        Assert.That(one.Open(wire.AsSpan(0, length), new byte[64], out _), Is.EqualTo(DatagramOutcome.Close));

        send.SetNonce(ulong.MaxValue - 1);
        Assert.That(one.Seal("x"u8, wire), Is.Positive);
        Assert.That(one.Seal("x"u8, wire), Is.Zero);
        Assert.That(one.SealClose(wire), Is.Zero);
    }

    [Test]
    public void Nothing_opens_after_it_was_disposed_of()
    {
        (DatagramRecords one, DatagramRecords other) = Pair();
        byte[] datagram = Seal(one, "hello"u8);
        other.Dispose();
        one.Dispose();
        Assert.That(other.Open(datagram, new byte[64], out _), Is.EqualTo(DatagramOutcome.NotAuthentic));
        Assert.That(one.Seal("x"u8, new byte[64]), Is.Zero);
    }

    private static (DatagramRecords One, DatagramRecords Other) Pair()
    {
        CipherState[] states = [new(), new(), new(), new()];
        for (int i = 0; i < states.Length; i++)
        {
            byte[] key = new byte[32];
            key[0] = (byte)(i % 2);
            states[i].InitializeKey(key);
        }

        return (new DatagramRecords(states[0], states[1]), new DatagramRecords(states[3], states[2]));
    }

    private static byte[] Seal(DatagramRecords records, ReadOnlySpan<byte> message)
    {
        byte[] wire = new byte[message.Length + DatagramRecords.Overhead];
        Assert.That(records.Seal(message, wire), Is.EqualTo(wire.Length));
        return wire;
    }
}
