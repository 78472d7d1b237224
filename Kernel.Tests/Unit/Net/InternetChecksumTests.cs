using System;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>RFC 1071.</summary>
[TestFixture]
public sealed class InternetChecksumTests
{
    private static readonly int[] Lengths =
        [0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 1459, 1460, 1499, 1500, 65535];

    [Test]
    public void The_example_of_the_standard_comes_out()
    {
        // RFC 1071, section 3: 0001 f203 f4f5 f6f7 sum to ddf2.
        byte[] data = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        byte[] field = new byte[2];
        InternetChecksum.Write(field, InternetChecksum.Sum(data));
        Assert.That(field, Is.EqualTo(new byte[] { 0x22, 0x0d }));
    }

    [TestCaseSource(nameof(Lengths))]
    public void Every_length_and_alignment_agrees_with_the_slow_sum(int length)
    {
        var random = new Random(length);
        byte[] buffer = new byte[length + 32];
        byte[] copy = new byte[length + 64];
        for (int offset = 0; offset < 17; offset++)
        {
            random.NextBytes(buffer);
            Span<byte> data = buffer.AsSpan(offset, length);
            Assert.That(Written(InternetChecksum.Sum(data)), Is.EqualTo(Frames.Checksum(data)), $"offset {offset}");

            random.NextBytes(copy);
            byte before = copy[offset + 4], after = copy[offset + 5 + length];
            uint sum = InternetChecksum.CopyAndSum(data, copy.AsSpan(offset + 5, length));
            Assert.That(Written(sum), Is.EqualTo(Frames.Checksum(data)), $"copy at offset {offset}");
            Assert.That(copy.AsSpan(offset + 5, length).SequenceEqual(data), Is.True);
            Assert.That((copy[offset + 4], copy[offset + 5 + length]), Is.EqualTo((before, after)), "overrun");
        }
    }

    [TestCase(0x00)]
    [TestCase(0xFF)]
    public void The_longest_datagram_of_one_value_does_not_overflow(int value)
    {
        byte[] data = new byte[65535];
        Array.Fill(data, (byte)value);
        Assert.That(Written(InternetChecksum.Sum(data, 0xFFFF_FFFF)), Is.EqualTo(Frames.Checksum(data) switch
        {
            // An initial sum of all ones is zero in its other form; only all zeros show the difference.
            0xFFFF => 0,
            ushort other => other,
        }));
    }

    [Test]
    public void Parts_add_up_wherever_the_cut_lies()
    {
        // RFC 1071, section 2 (A): sums of parts at odd offsets are swapped.
        byte[] data = Frames.Pattern(1461, 5);
        for (int cut = 0; cut <= data.Length; cut += 37)
        {
            uint first = InternetChecksum.Sum(data.AsSpan(0, cut));
            uint second = InternetChecksum.Sum(data.AsSpan(cut));
            uint sum = first + ((cut & 1) == 0 ? second : InternetChecksum.AtOdd(second));
            Assert.That(Written(sum), Is.EqualTo(Frames.Checksum(data)), $"cut at {cut}");
        }
    }

    [Test]
    public void What_holds_its_checksum_folds_to_all_ones()
    {
        byte[] datagram = Frames.Udp(
            new Endpoint(StackLab.PeerAddress, 5000), new Endpoint(StackLab.OwnAddress, 7), Frames.Pattern(333));
        uint pseudo = InternetChecksum.PseudoHeader(StackLab.PeerAddress, StackLab.OwnAddress, 17, datagram.Length);
        Assert.That(InternetChecksum.Fold(InternetChecksum.Sum(datagram, pseudo)), Is.EqualTo(0xFFFF));
        datagram[100] ^= 4;
        Assert.That(InternetChecksum.Fold(InternetChecksum.Sum(datagram, pseudo)), Is.Not.EqualTo(0xFFFF));
    }

    [Test]
    public void A_copy_without_room_is_refused() => Assert.That(
        () => InternetChecksum.CopyAndSum(new byte[10], new byte[9]), Throws.ArgumentException);

    private static ushort Written(uint sum)
    {
        byte[] field = new byte[2];
        InternetChecksum.Write(field, sum);
        return (ushort)((field[0] << 8) | field[1]);
    }
}
