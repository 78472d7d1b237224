using System;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>
/// Streams of bytes that can be checked at every place: a table of random bytes whose length is prime, entered at a
/// place that depends on the stream. A byte lost, doubled or moved is seen within a few bytes.
/// </summary>
internal static class Pattern
{
    private const int Period = 65_521;
    private static readonly byte[] Table = MakeTable();

    /// <summary>Writes the bytes of a stream from an offset on.</summary>
    public static void Write(int key, long offset, Span<byte> into)
    {
        while (into.Length > 0)
        {
            ReadOnlySpan<byte> some = At(key, offset, into.Length);
            some.CopyTo(into);
            into = into[some.Length..];
            offset += some.Length;
        }
    }

    /// <summary>The place of the first byte that is not the stream's; -1 if all are.</summary>
    public static int Mismatch(int key, long offset, ReadOnlySpan<byte> data)
    {
        int done = 0;
        while (done < data.Length)
        {
            ReadOnlySpan<byte> some = At(key, offset + done, data.Length - done);
            int same = some.CommonPrefixLength(data[done..]);
            done += same;
            if (same < some.Length)
            {
                return done;
            }
        }

        return -1;
    }

    /// <summary>Some bytes of the stream where they lie; at the end of the table fewer than asked for.</summary>
    public static ReadOnlySpan<byte> At(int key, long offset, int length)
    {
        int place = (int)((offset + ((long)(uint)key * 7919)) % Period);
        return Table.AsSpan(place, Math.Min(length, Table.Length - place));
    }

    private static byte[] MakeTable()
    {
        byte[] table = new byte[Period];
        new Random(20260101).NextBytes(table);
        return table;
    }
}
