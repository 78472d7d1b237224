using System;

namespace HaukiOS.Net;

/// <summary>
/// A segment that belongs to no connection: a reset, or the answer to a SYN of which nothing is kept.
/// </summary>
internal struct TcpControlSegment
{
    internal Endpoint Local;
    internal Endpoint Remote;
    internal uint Sequence;
    internal uint Acknowledgement;
    internal TcpFlags Flags;
    internal ushort Window;

    /// <summary>What a SYN says; of no meaning in others.</summary>
    internal TcpSynOptions Options;

    /// <summary>Writes it.</summary>
    /// <returns>Its length.</returns>
    internal readonly int Write(Span<byte> into)
    {
        int length = TcpSegment.HeaderMin;
        if ((Flags & TcpFlags.Syn) != 0)
        {
            length += TcpWriter.WriteSynOptions(into[TcpSegment.HeaderMin..], Options);
        }

        uint ports = ((uint)Local.Port << 16) | Remote.Port;
        TcpWriter.WriteFixed(into, ports, Sequence, Acknowledgement, length, Flags, Window);
        TcpWriter.WriteChecksum(into[..length], InternetChecksum.PseudoHeader(
            Local.Address, Remote.Address, TcpLayer.ProtocolNumber, length));
        return length;
    }
}

/// <summary>
/// Control segments that wait to be sent. When it is full one more is lost: whoever caused it will cause it again, if
/// it matters.
/// </summary>
internal sealed class TcpControlQueue(int capacity)
{
    private readonly TcpControlSegment[] queue = new TcpControlSegment[capacity];
    private int first;
    private int count;

    /// <summary>Puts one at the end.</summary>
    /// <returns>False: there was no room.</returns>
    internal bool TryAdd(in TcpControlSegment segment)
    {
        if (count == queue.Length)
        {
            return false;
        }

        queue[(first + count++) % queue.Length] = segment;
        return true;
    }

    /// <summary>Takes the first one out.</summary>
    internal bool TryTake(out TcpControlSegment segment)
    {
        segment = count > 0 ? queue[first] : default;
        if (count == 0)
        {
            return false;
        }

        first = (first + 1) % queue.Length;
        count--;
        return true;
    }
}
