using System;
using System.Buffers.Binary;

namespace HaukiOS.Host.Switch;

/// <summary>
/// Cuts a stream of bytes into frames as QEMU's <c>-netdev stream</c> joins them: the length as four bytes, highest
/// first, then the frame. Keeps its place wherever the stream was torn.
/// </summary>
public sealed class StreamDecoder
{
    /// <summary>Bytes before each frame.</summary>
    public const int PrefixBytes = 4;

    /// <summary>
    /// The longest frame that QEMU can send. A length beyond it is no length: the stream is not what we took it for.
    /// </summary>
    public const int LengthMax = 4096 + 65536;

    private readonly byte[] buffer = new byte[2 * (PrefixBytes + LengthMax)];
    private int start;
    private int end;

    /// <summary>Is the stream broken? Then nothing more can be taken from it, and it should be closed.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Where the next bytes of the stream are to be put; never empty unless the stream is broken.</summary>
    public Span<byte> Room
    {
        get
        {
            if (IsBroken)
            {
                return default;
            }

            if (start == end)
            {
                start = end = 0;
            }
            else if (buffer.Length - end < PrefixBytes + LengthMax && start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
                start = 0;
            }

            return buffer.AsSpan(end);
        }
    }

    /// <summary>So many bytes were put into <see cref="Room"/>.</summary>
    public void Added(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, buffer.Length - end);
        end += count;
    }

    /// <summary>Takes the next whole frame. It lies in the buffer until <see cref="Room"/> is asked for.</summary>
    /// <returns>False when more bytes are needed first, or never any again: see <see cref="IsBroken"/>.</returns>
    public bool TryTake(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (IsBroken || end - start < PrefixBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(start));
        if (length > LengthMax)
        {
            IsBroken = true;
            return false;
        }

        if (end - start - PrefixBytes < (int)length)
        {
            return false;
        }

        frame = buffer.AsSpan(start + PrefixBytes, (int)length);
        start += PrefixBytes + (int)length;
        return true;
    }

    /// <summary>Starts with a new stream.</summary>
    public void Reset()
    {
        start = end = 0;
        IsBroken = false;
    }
}
