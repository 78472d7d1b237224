using System;
using HaukiOS.Migration;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>The messages of the pairing: what is written is read, and nothing else is.</summary>
[TestFixture]
public sealed class PairingMessageTests
{
    private static readonly byte[] Share = Pattern(32, 3);

    [Test]
    public void An_offer_is_read_as_it_was_written()
    {
        MoveOffer offer = Offer();
        byte[] message = Encode(offer);
        bool isOne = MoveOffer.TryDecode(
            message, out MoveOffer? read, out ReadOnlySpan<byte> share, out string? reason);
        Assert.That(isOne);
        Assert.That(share.ToArray(), Is.EqualTo(Share));
        Assert.That(reason, Is.Null);
        Assert.That(Encode(read!), Is.EqualTo(message));
        Assert.That((read!.Pages, read.LiveSectors, read.Address), Is.EqualTo((77u, 500L, offer.Address)));
        Assert.That((read.HasStore, read.IsStoreOpen), Is.EqualTo((true, true)));
        Assert.That(read.Source.Station, Is.EqualTo(offer.Source.Station));
    }

    [Test]
    public void An_offer_of_another_format_is_refused_with_both_numbers()
    {
        byte[] message = Encode(Offer());
        message[4] = 1;
        Assert.That(MoveOffer.TryDecode(message, out _, out _, out string? reason), Is.False);
        Assert.That(reason, Is.EqualTo("the node moves by format 1, and the machine there knows format 2"));
    }

    [Test]
    public void An_offer_that_was_changed_is_refused_or_means_what_it_says([Range(1, 3)] int seed)
    {
        var random = new Random(seed);
        byte[] sound = Encode(Offer());
        for (int i = 0; i < 20_000; i++)
        {
            byte[] message = Mutate(sound, random);
            if (MoveOffer.TryDecode(message, out MoveOffer? read, out ReadOnlySpan<byte> share, out string? reason))
            {
                byte[] again = new byte[MoveOffer.Length];
                read!.Encode(share, again);
                Assert.That(again, Is.EqualTo(message), $"seed {seed}, number {i}");
            }
            else
            {
                Assert.That(reason, Is.Not.Empty);
            }
        }
    }

    [Test]
    public void An_answer_is_read_as_it_was_written()
    {
        byte[] message = Accept();
        Assert.That(MoveAnswer.TryDecode(message, out MoveAnswer answer));
        Assert.That(answer.Refusal, Is.Null);
        Assert.That(answer.Session, Is.EqualTo(0x1234_5678_9ABC_DEF1));
        Assert.That(answer.HandoverId.ToArray(), Is.EqualTo(Pattern(16, 9)));
        Assert.That(answer.Share.ToArray(), Is.EqualTo(Share));
        Assert.That(answer.RunHash.ToArray(), Is.EqualTo(Pattern(32, 1)));
        Assert.That(answer.AbortHash.ToArray(), Is.EqualTo(Pattern(32, 2)));
    }

    [Test]
    public void A_refusal_is_read_as_it_was_written_and_says_nothing_to_a_terminal()
    {
        byte[] room = new byte[MoveAnswer.PaddedLength];
        int length = new MoveAnswer { Refusal = "der Speicher reicht nicht für 12 Seiten" }.Encode(room);
        Assert.That(MoveAnswer.TryDecode(room.AsSpan(0, length), out MoveAnswer answer));
        Assert.That(answer.Refusal, Is.EqualTo("der Speicher reicht nicht für 12 Seiten"));
        length = new MoveAnswer { Refusal = "\e[2J" }.Encode(room);
        Assert.That(MoveAnswer.TryDecode(room.AsSpan(0, length), out _), Is.False);
    }

    [Test]
    public void An_answer_that_was_changed_is_refused_or_means_what_it_says([Range(1, 3)] int seed)
    {
        var random = new Random(seed);
        byte[] sound = Accept();
        byte[] room = new byte[MoveAnswer.PaddedLength];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] message = Mutate(sound, random);
            if (MoveAnswer.TryDecode(message, out MoveAnswer answer) && !IsOfAnotherFormat(message))
            {
                int length = answer.Encode(room);
                Assert.That(room[..length], Is.EqualTo(message), $"seed {seed}, number {i}");
            }
        }
    }

    [Test]
    public void An_answer_of_another_format_refuses_whatever_it_says()
    {
        byte[] message = Accept();
        message[4] = 9;
        Assert.That(MoveAnswer.TryDecode(message, out MoveAnswer answer));
        Assert.That(answer.Refusal, Is.EqualTo("the machine there moves by format 9, and the node by format 2"));

        byte[] room = new byte[MoveAnswer.PaddedLength];
        int length = new MoveAnswer { Refusal = "the node moves by format 2" }.Encode(room);
        room[4] = 9;
        Assert.That(MoveAnswer.TryDecode(room.AsSpan(0, length), out answer));
        Assert.That(answer.Refusal, Is.EqualTo("the node moves by format 2"));
    }

    private static bool IsOfAnotherFormat(byte[] message) => message[4] != MoveOffer.Format || message[5] != 0;

    private static MoveOffer Offer() => new()
    {
        Source = PairingLab.Side(2, 0x0783_FBFF),
        Pages = 77,
        LiveSectors = 500,
        Address = Ipv4Address.Of(192, 168, 1, 7),
        HasStore = true,
        IsStoreOpen = true,
    };

    private static byte[] Encode(MoveOffer offer)
    {
        byte[] message = new byte[MoveOffer.Length];
        offer.Encode(Share, message);
        return message;
    }

    private static byte[] Accept()
    {
        byte[] room = new byte[MoveAnswer.PaddedLength];
        var answer = new MoveAnswer
        {
            Target = PairingLab.Side(1, 1),
            Session = 0x1234_5678_9ABC_DEF1,
            HandoverId = Pattern(16, 9),
            Share = Share,
            RunHash = Pattern(32, 1),
            AbortHash = Pattern(32, 2),
        };
        return room[..answer.Encode(room)];
    }

    private static byte[] Mutate(byte[] sound, Random random)
    {
        byte[] message = random.Next(4) == 0 ? sound[..random.Next(sound.Length + 1)] : (byte[])sound.Clone();
        for (int changes = random.Next(4); changes > 0 && message.Length > 0; changes--)
        {
            message[random.Next(message.Length)] = (byte)random.Next(256);
        }

        return message;
    }

    private static byte[] Pattern(int length, int start)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)((start * 37) + i);
        }

        return bytes;
    }
}
