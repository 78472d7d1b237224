using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HaukiOS.Host.Switch;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host.Switch;

/// <summary>The framing of QEMU's stream sockets, torn at every place and filled with nonsense.</summary>
public sealed class StreamDecoderTests
{
    /// <summary>Wherever the stream is torn, the frames come out whole and in order.</summary>
    [Test]
    public void Frames_survive_any_tearing_of_the_stream([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var frames = new List<byte[]>();
        var stream = new List<byte>();
        for (var i = 0; i < 300; i++)
        {
            var frame = new byte[random.Next(20) == 0 ? random.Next(StreamDecoder.LengthMax + 1) : random.Next(1600)];
            random.NextBytes(frame);
            frames.Add(frame);
            stream.AddRange(Prefix((uint)frame.Length));
            stream.AddRange(frame);
        }

        var decoder = new StreamDecoder();
        var bytes = stream.ToArray().AsSpan();
        var taken = 0;
        while (bytes.Length > 0)
        {
            var room = decoder.Room;
            var most = random.Next(3) == 0 ? 7 : 20_000;
            var count = Math.Min(Math.Min(room.Length, bytes.Length), 1 + random.Next(most));
            Assert.That(count, Is.Positive, "there is always room");
            bytes[..count].CopyTo(room);
            bytes = bytes[count..];
            decoder.Added(count);
            while (decoder.TryTake(out var frame))
            {
                Assert.That(frame.SequenceEqual(frames[taken]), $"frame {taken}, seed {seed}");
                taken++;
            }
        }

        Assert.That((taken, decoder.IsBroken), Is.EqualTo((frames.Count, false)));
    }

    /// <summary>A length that QEMU never sends ends the stream; a new stream starts afresh.</summary>
    [Test]
    public void A_length_out_of_bounds_breaks_the_stream()
    {
        var decoder = new StreamDecoder();
        Put(decoder, Prefix(StreamDecoder.LengthMax + 1));
        Assert.That(decoder.TryTake(out _), Is.False);
        Assert.That((decoder.IsBroken, decoder.Room.Length), Is.EqualTo((true, 0)));
        decoder.Reset();
        Put(decoder, [.. Prefix(2), 7, 8]);
        Assert.That(decoder.TryTake(out var frame), Is.True);
        Assert.That(frame.ToArray(), Is.EqualTo(new byte[] { 7, 8 }));
    }

    /// <summary>Nonsense of any kind either comes out as frames within bounds or breaks the stream.</summary>
    [Test]
    public void Nonsense_never_gets_out_of_bounds()
    {
        var random = new Random(4);
        var broken = 0;
        for (var round = 0; round < 2000; round++)
        {
            var decoder = new StreamDecoder();
            for (var piece = 0; piece < 40 && !decoder.IsBroken; piece++)
            {
                var bytes = new byte[random.Next(1, 200)];
                random.NextBytes(bytes);
                if (bytes.Length >= 4 && random.Next(3) > 0)
                {
                    // Mostly plausible lengths, or no stream would live for long.
                    BinaryPrimitives.WriteUInt32BigEndian(bytes, 20);
                }

                Put(decoder, bytes);
                while (decoder.TryTake(out var frame))
                {
                    Assert.That(frame.Length, Is.LessThanOrEqualTo(StreamDecoder.LengthMax));
                }
            }

            broken += decoder.IsBroken ? 1 : 0;
        }

        Assert.That(broken, Is.GreaterThan(1000));
    }

    private static byte[] Prefix(uint length)
    {
        var bytes = new byte[StreamDecoder.PrefixBytes];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        return bytes;
    }

    private static void Put(StreamDecoder decoder, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(decoder.Room);
        decoder.Added(bytes.Length);
    }
}
