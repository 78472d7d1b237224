using System;
using System.Buffers.Binary;

namespace HaukiOS.Host.Switch;

/// <summary>Frames, each behind its length, that wait for room in a stream. Its size is fixed.</summary>
internal sealed class ByteRing
{
    private readonly byte[] bytes;
    private int start;
    private int count;

    /// <summary>An empty ring.</summary>
    public ByteRing(int capacity) => bytes = new byte[capacity];

    /// <summary>Is nothing waiting?</summary>
    public bool IsEmpty => count == 0;

    /// <summary>The first waiting bytes, as many as lie in one piece.</summary>
    public ReadOnlySpan<byte> First => bytes.AsSpan(start, Math.Min(count, bytes.Length - start));

    /// <summary>Adds a length and a frame, or nothing at all when there is no room for both.</summary>
    public bool TryAdd(ReadOnlySpan<byte> frame)
    {
        if (bytes.Length - count < StreamDecoder.PrefixBytes + frame.Length)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[StreamDecoder.PrefixBytes];
        BinaryPrimitives.WriteInt32BigEndian(prefix, frame.Length);
        Append(prefix);
        Append(frame);
        return true;
    }

    /// <summary>The first bytes have been sent.</summary>
    public void Remove(int sent)
    {
        count -= sent;
        start = count == 0 ? 0 : (start + sent) % bytes.Length;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => start = count = 0;

    private void Append(ReadOnlySpan<byte> what)
    {
        var at = (start + count) % bytes.Length;
        var untilEnd = Math.Min(what.Length, bytes.Length - at);
        what[..untilEnd].CopyTo(bytes.AsSpan(at));
        what[untilEnd..].CopyTo(bytes);
        count += what.Length;
    }
}
