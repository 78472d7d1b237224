using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Migration;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>Changes one segment of a pairing on its way, and keeps what the source has said.</summary>
/// <param name="ofTarget">Is it one of the target's?</param>
/// <param name="number">Which one, of those that say something.</param>
/// <param name="isCut">Is it cut short, as if the conversation ended there? Otherwise a bit is turned over.</param>
internal sealed class SegmentAttack(bool ofTarget, int number, bool isCut)
{
    private uint newest;
    private int seen;

    /// <summary>How often it was done.</summary>
    public int Hits { get; private set; }

    /// <summary>What the source has said.</summary>
    public List<byte[]> Overheard { get; } = [];

    /// <summary>What goes on in the place of a frame.</summary>
    public byte[] Take(byte[] frame)
    {
        if (!PairingSegment.TryRead(frame, out PairingSegment segment) || segment.PayloadLength == 0)
        {
            return frame;
        }

        if (!segment.IsFromTarget)
        {
            Overheard.Add(frame[segment.PayloadAt..segment.End]);
        }

        if (segment.IsFromTarget != ofTarget || (seen > 0 && (int)(segment.Sequence - newest) <= 0))
        {
            return frame;
        }

        newest = segment.Sequence;
        if (++seen != number)
        {
            return frame;
        }

        Hits++;
        return isCut ? segment.CutShort(frame) : segment.Turned(frame);
    }
}

/// <summary>Puts, in the place of every frame, the first one of its kind.</summary>
internal sealed class Repeater
{
    private readonly Dictionary<(byte Kind, ulong Sender), byte[]> first = [];

    /// <summary>What goes on in the place of a frame.</summary>
    public byte[] Instead(byte[] frame)
    {
        var kind = (frame[LinkFrames.KindAt], LinkFrames.SenderOf(frame).Value);
        if (!first.TryGetValue(kind, out byte[]? old))
        {
            first[kind] = frame;
        }

        return old ?? frame;
    }
}

/// <summary>
/// Puts others beside each frame of a link: one with a bit turned over, one that is cut off, one that came before, and
/// a token that nobody has given. Segments of a pairing come twice.
/// </summary>
internal sealed class FrameFlood
{
    private const int Remembered = 64;

    // A whole copy beside each frame would be more than a card holds.
    private const int ShortLength = 100;

    private readonly Dictionary<string, Queue<byte[]>> before = [];
    private readonly Dictionary<string, int> counts = [];
    private readonly Random random = new(4);

    /// <summary>Hostile frames so far.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them came from a place.</summary>
    public int CountFrom(string place) => counts.GetValueOrDefault(place);

    /// <summary>What goes on in the place of a frame.</summary>
    public IEnumerable<byte[]> Beside(string place, byte[] frame)
    {
        if (PairingSegment.TryRead(frame, out _))
        {
            return [frame, frame];
        }

        if (!LinkFrames.TryRead(frame, out LinkFrameKind kind, out ulong session)
            || kind is not (LinkFrameKind.Data or LinkFrameKind.Acknowledgement))
        {
            return [frame];
        }

        List<byte[]> all = [Turned(frame), frame, Token(frame, session)];
        Queue<byte[]> kept = before.TryGetValue(place, out Queue<byte[]>? queue) ? queue : before[place] = [];
        if (frame.Length > ShortLength)
        {
            all.Add(frame[..ShortLength]);
        }
        else
        {
            all.Add(frame[..^1]);
            kept.Enqueue(frame);
            if (kept.Count > Remembered)
            {
                all.Add(kept.Dequeue());
            }
        }

        Count += all.Count - 1;
        counts[place] = CountFrom(place) + all.Count - 1;
        return all;
    }

    private byte[] Turned(byte[] frame)
    {
        byte[] turned = (byte[])frame.Clone();
        int bit = random.Next(8 * LinkFrames.ContentStart, 8 * frame.Length);
        turned[bit / 8] ^= (byte)(1 << (bit % 8));
        return turned;
    }

    private byte[] Token(byte[] frame, ulong session)
    {
        byte[] forged = new byte[Math.Max(60, LinkFrames.TokenFrameLength)];
        byte[] token = new byte[LinkFrames.TokenLength];
        random.NextBytes(token);
        LinkFrames.WriteToken(
            forged, MacAddress.Read(frame), LinkFrames.SenderOf(frame), session, token);
        return forged;
    }
}
