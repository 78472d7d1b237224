using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using HaukiOS.Hardware;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Swarm;

[TestFixture]
public sealed class SecureChannelTests
{
    [Test]
    public void Two_sides_agree_and_talk()
    {
        using var pair = new ChannelPair();
        pair.Run(7);
        Assert.That(pair.Initiator.State, Is.EqualTo(ChannelState.Open), pair.Initiator.Error.Sentence());
        Assert.That(pair.Responder.State, Is.EqualTo(ChannelState.Open), pair.Responder.Error.Sentence());
        Assert.That(pair.Initiator.RemoteStatic.SequenceEqual(pair.ResponderKeys.PublicKey));
        Assert.That(pair.Responder.RemoteStatic.SequenceEqual(pair.InitiatorKeys.PublicKey));
        Assert.That(pair.Initiator.Hash.SequenceEqual(pair.Responder.Hash));

        Assert.That(pair.Initiator.TrySend("ping"u8));
        Assert.That(pair.Responder.TrySend("pong"u8, 100));
        pair.Run(3);
        Assert.That(Encoding.UTF8.GetString(pair.Responder.Message), Is.EqualTo("ping"));
        Assert.That(Encoding.UTF8.GetString(pair.Initiator.Message), Is.EqualTo("pong"));
        pair.Responder.ConsumeMessage();
        pair.Initiator.ConsumeMessage();

        pair.Initiator.Close();
        pair.Run();
        Assert.That(pair.Responder.IsReceiveClosed);
        Assert.That(pair.Responder.TrySend("one more"u8));
        pair.Responder.Close();
        List<byte[]> last = pair.ReceiveAll(pair.Initiator);
        Assert.That(last, Is.EqualTo(new[] { "one more"u8.ToArray() }));
        Assert.That(pair.Initiator.State, Is.EqualTo(ChannelState.Closed));
        Assert.That(pair.Responder.State, Is.EqualTo(ChannelState.Closed));
    }

    [Test]
    public void The_bytes_come_in_any_pieces()
    {
        Gen.Int[1, 60].Select(Gen.Int[0, 9000].Array[0, 12]).Sample(
            (chunk, lengths) =>
            {
                using var pair = new ChannelPair();
                var sent = new List<byte[]>();
                var received = new List<byte[]>();
                pair.Run(chunk);
                foreach (int length in lengths)
                {
                    byte[] message = new byte[Math.Min(length, 8192)];
                    new Random(length).NextBytes(message);
                    while (!pair.Initiator.TrySend(message, length % 500))
                    {
                        pair.Run(chunk * 100);
                        received.AddRange(pair.ReceiveAll(pair.Responder));
                    }

                    sent.Add(message);
                }

                received.AddRange(pair.ReceiveAll(pair.Responder));
                Assert.That(received, Is.EqualTo(sent));
            },
            iter: 30);
    }

    [Test]
    public void Nothing_more_is_taken_while_a_message_waits()
    {
        using var pair = new ChannelPair();
        pair.Run();
        pair.Initiator.TrySend("one"u8);
        pair.Initiator.TrySend("two"u8);
        byte[] both = pair.Initiator.Output.ToArray();
        Assert.That(pair.Responder.Feed(both), Is.EqualTo(both.Length / 2));
        Assert.That(pair.Responder.Feed(both.AsSpan(both.Length / 2)), Is.Zero);
        pair.Responder.ConsumeMessage();
        Assert.That(pair.Responder.Feed(both.AsSpan(both.Length / 2)), Is.EqualTo(both.Length / 2));
        Assert.That(pair.Responder.Message.SequenceEqual("two"u8));
    }

    [Test]
    public void A_transport_that_takes_nothing_stops_the_sender()
    {
        using var pair = new ChannelPair();
        pair.Run();
        byte[] message = new byte[pair.Initiator.SendRoom];
        Assert.That(message, Has.Length.EqualTo(8192));
        int sent = 0;
        while (pair.Initiator.TrySend(message))
        {
            sent++;
        }

        Assert.That(sent, Is.InRange(1, 2));
        Assert.That(pair.Initiator.State, Is.EqualTo(ChannelState.Open));
        Assert.That(pair.Initiator.TrySend(new byte[8193]), Is.False);

        // The end always has room.
        while (pair.Initiator.SendRoom >= 0)
        {
            Assert.That(pair.Initiator.TrySend(message.AsSpan(0, pair.Initiator.SendRoom)), Is.True);
        }

        pair.Initiator.Close();
        Assert.That(pair.ReceiveAll(pair.Responder), Has.Count.EqualTo(sent + 1));
        Assert.That(pair.Responder.IsReceiveClosed, Is.True);
    }

    [Test]
    public void Keys_are_replaced_on_both_sides_in_step()
    {
        using var pair = new ChannelPair();
        pair.Run();
        for (int i = 0; i < (3 * RekeySchedule.RecordsPerKey) + 5; i++)
        {
            Assert.That(pair.Initiator.TrySend(BitConverter.GetBytes(i)), Is.True);
            pair.Run();
            Assert.That(BitConverter.ToInt32(pair.Responder.Message), Is.EqualTo(i));
            pair.Responder.ConsumeMessage();
        }

        // A length at which counting anything but the ciphertext would put the sides out of step.
        byte[] large = new byte[2000];
        for (int bytes = 0; bytes < 3 * RekeySchedule.BytesPerKey; bytes += large.Length)
        {
            Assert.That(pair.Responder.TrySend(large), Is.True);
            pair.Run();
            Assert.That(pair.Initiator.HasMessage, Is.True, pair.Initiator.Error.Sentence());
            pair.Initiator.ConsumeMessage();
        }
    }

    [Test]
    public void A_padded_message_looks_like_any_other_of_that_length()
    {
        using var pair = new ChannelPair();
        pair.Run();
        pair.Initiator.TrySend("no"u8, 64);
        int brief = pair.Initiator.Output.Length;
        pair.Initiator.ConsumeOutput(brief);
        pair.Initiator.TrySend(new byte[64]);
        Assert.That(pair.Initiator.Output.Length, Is.EqualTo(brief));
    }

    [Test]
    public void Every_changed_bit_ends_the_channel_and_no_wrong_message_is_given()
    {
        var random = new Random(3);
        for (int i = 0; i < 300; i++)
        {
            using var pair = new ChannelPair();
            int target = random.Next(0, 500), at = 0;
            byte flip = (byte)(1 << random.Next(8));
            pair.Wire = (from, bytes) =>
            {
                if (from != pair.Initiator || target < at || target >= at + bytes.Length)
                {
                    at += from == pair.Initiator ? bytes.Length : 0;
                    return bytes;
                }

                byte[] changed = (byte[])bytes.Clone();
                changed[target - at] ^= flip;
                at += bytes.Length;
                return changed;
            };
            pair.Run();
            var received = new List<byte[]>();
            for (int message = 0; message < 20 && pair.Initiator.TrySend("truth"u8); message++)
            {
                received.AddRange(pair.ReceiveAll(pair.Responder));
            }

            Assert.That(received, Has.All.EqualTo("truth"u8.ToArray()));
            Assert.That(received, Has.Count.LessThan(20));
            pair.Responder.FeedEnd();
            pair.Initiator.FeedEnd();
            Assert.That(pair.Responder.State, Is.EqualTo(ChannelState.Failed));
        }
    }

    [Test]
    public void Records_left_out_doubled_or_swapped_are_noticed()
    {
        foreach (string order in new[] { "1", "0 0", "0 2 1", "0 1 1", "2" })
        {
            using var pair = new ChannelPair();
            pair.Run();
            var records = new List<byte[]>();
            foreach (string text in new[] { "zero", "one", "two" })
            {
                pair.Initiator.TrySend(Encoding.UTF8.GetBytes(text));
                records.Add(pair.Initiator.Output.ToArray());
                pair.Initiator.ConsumeOutput(records[^1].Length);
            }

            foreach (string which in order.Split(' '))
            {
                pair.Responder.Feed(records[int.Parse(which, null)]);
                pair.Responder.ConsumeMessage();
            }

            Assert.That(pair.Responder.Error, Is.EqualTo(ChannelError.BadRecord), order);
        }
    }

    [Test]
    public void A_record_is_not_taken_for_one_of_the_other_direction()
    {
        using var pair = new ChannelPair();
        pair.Run();
        pair.Initiator.TrySend("hello"u8);
        pair.Initiator.Feed(pair.Initiator.Output.ToArray());
        Assert.That(pair.Initiator.Error, Is.EqualTo(ChannelError.BadRecord));
    }

    [Test]
    public void A_connection_cut_off_is_not_an_end()
    {
        using var pair = new ChannelPair();
        pair.Run();
        pair.Initiator.TrySend("the last thing heard"u8);
        pair.Run();
        pair.Responder.FeedEnd();
        Assert.That(pair.Responder.HasMessage, Is.True);
        pair.Responder.ConsumeMessage();
        Assert.That(pair.Responder.Error, Is.EqualTo(ChannelError.Truncated));

        using var half = new ChannelPair();
        half.Run();
        half.Initiator.TrySend("half"u8);
        half.Responder.Feed(half.Initiator.Output.Slice(0, 10));
        half.Responder.FeedEnd();
        Assert.That(half.Responder.Error, Is.EqualTo(ChannelError.Truncated));

        using var early = new ChannelPair();
        early.Responder.FeedEnd();
        Assert.That(early.Responder.Error, Is.EqualTo(ChannelError.Truncated));
    }

    [Test]
    public void An_end_that_was_said_is_an_end()
    {
        using var pair = new ChannelPair();
        pair.Run();
        pair.Initiator.Close();
        pair.Run();
        pair.Responder.FeedEnd();
        Assert.That(pair.Responder.Error, Is.EqualTo(ChannelError.None));
        Assert.That(pair.Responder.State, Is.EqualTo(ChannelState.Open));
        Assert.That(pair.Initiator.TrySend("more"u8), Is.False);
        Assert.That(pair.Initiator.SendRoom, Is.Negative);

        pair.Responder.Feed([0]);
        Assert.That(pair.Responder.Error, Is.EqualTo(ChannelError.AfterClose));
    }

    [Test]
    public void A_pinned_key_is_checked_before_the_own_key_is_shown()
    {
        using KeyPair stranger = KeyPair.Generate(new FixedRandom(9));
        int fromInitiator = 0;
        using var pair = new ChannelPair(
            settings => settings with { ExpectedPeer = Fingerprint.Of(stranger.PublicKey) });
        pair.Wire = (from, bytes) =>
        {
            fromInitiator += from == pair.Initiator ? bytes.Length : 0;
            return bytes;
        };
        pair.Run();
        Assert.That(pair.Initiator.Error, Is.EqualTo(ChannelError.WrongPeer));
        Assert.That(fromInitiator, Is.EqualTo(4 + 2 + 32));
        Assert.That(pair.Responder.State, Is.EqualTo(ChannelState.Handshaking));

        using KeyPair right = KeyPair.Generate(new FixedRandom(2));
        using var good = new ChannelPair(
            settings => settings with { ExpectedPeer = Fingerprint.Of(right.PublicKey) });
        good.Run();
        Assert.That(good.Initiator.State, Is.EqualTo(ChannelState.Open));
    }

    [Test]
    public void A_peer_can_be_asked_about()
    {
        using var pair = new ChannelPair(settings => settings with { AsksAboutPeer = true });
        pair.Run();
        Assert.That(pair.Initiator.State, Is.EqualTo(ChannelState.AwaitingVerdict));
        Assert.That(pair.Initiator.RemoteStatic.SequenceEqual(pair.ResponderKeys.PublicKey));
        Assert.That(pair.Responder.HasRemoteStatic, Is.False);
        Assert.That(pair.Initiator.Feed([1, 2, 3]), Is.Zero);
        pair.Initiator.Accept();
        pair.Run();
        Assert.That(pair.Responder.State, Is.EqualTo(ChannelState.Open));

        using var refused = new ChannelPair(null, settings => settings with { AsksAboutPeer = true });
        refused.Run();
        Assert.That(refused.Responder.State, Is.EqualTo(ChannelState.AwaitingVerdict));
        refused.Responder.Reject();
        Assert.That(refused.Responder.Error, Is.EqualTo(ChannelError.PeerRejected));
        Assert.That(refused.Responder.Output.IsEmpty, Is.True);
    }

    [Test]
    public void Another_purpose_is_another_channel()
    {
        using var pair = new ChannelPair(settings => settings with { Purpose = "something else" });
        pair.Run();
        Assert.That(pair.Initiator.Error, Is.EqualTo(ChannelError.HandshakeFailed));
    }

    [Test]
    public void A_handshake_ends_in_time_or_not_at_all()
    {
        using var pair = new ChannelPair();
        pair.Responder.Advance(pair.Responder.Deadline.AddMilliseconds(-1));
        Assert.That(pair.Responder.State, Is.EqualTo(ChannelState.Handshaking));
        pair.Responder.Advance(pair.Responder.Deadline);
        Assert.That(pair.Responder.Error, Is.EqualTo(ChannelError.HandshakeTimedOut));

        using var open = new ChannelPair();
        open.Run();
        open.Initiator.Advance(open.Initiator.Deadline);
        Assert.That(open.Initiator.State, Is.EqualTo(ChannelState.Open));
    }

    [Test]
    public void Whatever_strangers_send_ends_their_channel_alone()
    {
        Gen.Byte.Array[0, 300].Sample(
            bytes =>
            {
                using var pair = new ChannelPair();
                byte[] greeted = bytes.Length % 2 == 0 ? [.. "HKC1"u8, .. bytes] : bytes;
                int taken = 0, rounds = 0;
                while (taken < greeted.Length && pair.Responder.State != ChannelState.Failed && rounds++ < 400)
                {
                    taken += pair.Responder.Feed(greeted.AsSpan(taken));
                    pair.Responder.Step(pair.Now);
                }

                return pair.Responder.State is ChannelState.Handshaking or ChannelState.Failed;
            },
            iter: 2000);
    }

    [Test]
    public void Other_protocols_are_told_by_their_first_byte()
    {
        using var pair = new ChannelPair();
        pair.Responder.Feed("GET / HTTP/1.0\r\n"u8);
        Assert.That(pair.Responder.Error, Is.EqualTo(ChannelError.NotAChannel));
        Assert.That(pair.Responder.HasWork, Is.False);

        using var other = new ChannelPair();
        other.Initiator.Step(other.Now);
        other.Initiator.Feed("SSH-2.0-OpenSSH"u8);
        Assert.That(other.Initiator.Error, Is.EqualTo(ChannelError.NotAChannel));
    }

    [Test]
    public void Impossible_lengths_are_refused_before_their_bytes_come()
    {
        using var pair = new ChannelPair();
        pair.Responder.Feed([.. "HKC1"u8, 0, 129]);
        Assert.That(pair.Responder.Error, Is.EqualTo(ChannelError.HandshakeTooLong));

        foreach (byte[] header in new byte[][] { [0, 18], [0x20, 0x14], [0xFF, 0xFF], [0, 0] })
        {
            using var open = new ChannelPair();
            open.Run();
            open.Responder.Feed(header);
            Assert.That(open.Responder.Error, Is.EqualTo(ChannelError.BadLength), $"{header[0]},{header[1]}");
        }
    }

    [Test]
    public void Nothing_works_after_it_was_disposed_of()
    {
        using var pair = new ChannelPair();
        pair.Run();
        pair.Initiator.TrySend("hello"u8);
        byte[] wire = pair.Initiator.Output.ToArray();
        pair.Initiator.Dispose();
        pair.Responder.Dispose();
        Assert.That(pair.Responder.Feed(wire), Is.Zero);
        Assert.That(pair.Responder.HasMessage, Is.False);
        Assert.That(pair.Initiator.TrySend("x"u8), Is.False);
        Assert.That(pair.Initiator.Output.IsEmpty, Is.True);
        Assert.That(pair.Initiator.Error, Is.EqualTo(ChannelError.Abandoned));
    }

    [TestCase("Noise_NNpsk0_25519_ChaChaPoly_BLAKE2s", 1)]
    [TestCase("Noise_XXpsk3_25519_ChaChaPoly_BLAKE2s", 1)]
    [TestCase("Noise_NNpsk0+psk1+psk2_25519_ChaChaPoly_BLAKE2s", 3)]
    [TestCase("Noise_NN_25519_ChaChaPoly_BLAKE2s", 0)]
    public void Other_protocols_carry_it_as_well(string name, int psks)
    {
        SecretBytes[] shared = Enumerable.Range(0, psks).Select(_ => new SecretBytes(32)).ToArray();
        ChannelSettings Change(ChannelSettings settings) => settings with { Protocol = name, Psks = shared };
        using var pair = new ChannelPair(Change, Change);
        pair.Run();
        Assert.That(pair.Initiator.State, Is.EqualTo(ChannelState.Open), pair.Initiator.Error.Sentence());
        pair.Initiator.TrySend("hello"u8);
        pair.Run();
        Assert.That(pair.Responder.Message.SequenceEqual("hello"u8));
    }

    [Test]
    public void Every_error_has_a_sentence_of_its_own()
    {
        string[] sentences = Enum.GetValues<ChannelError>().Select(error => error.Sentence()).ToArray();
        Assert.That(sentences, Is.Unique);
    }

    [Test]
    public void A_stranger_costs_little_memory_and_no_more_while_it_waits()
    {
        const int count = 400;
        using KeyPair keys = KeyPair.Generate(new FixedRandom(1));
        var settings = new ChannelSettings(ChannelPair.Xx, false, "test", new FixedRandom(4)) { Static = keys };
        byte[] first = [.. "HKC1"u8, 0, 32, .. keys.PublicKey];
        var channels = new SecureChannel[count];
        long before = GC.GetTotalMemory(true);
        for (int i = 0; i < count; i++)
        {
            channels[i] = new SecureChannel(settings, Instant.PowerOn);
            Assert.That(channels[i].Feed(first), Is.EqualTo(first.Length));
            while (channels[i].HasWork)
            {
                channels[i].Step(Instant.PowerOn);
            }

            channels[i].Feed(new byte[129]);
            Assert.That(channels[i].State, Is.EqualTo(ChannelState.Failed).Or.EqualTo(ChannelState.Handshaking));
        }

        long each = (GC.GetTotalMemory(true) - before) / count;
        TestContext.Out.WriteLine($"{each} bytes a stranger");
        Assert.That(each, Is.LessThan(4096));
        GC.KeepAlive(channels);
    }
}
