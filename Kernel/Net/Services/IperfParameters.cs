using System;

namespace HaukiOS.Net.Services;

/// <summary>What an iperf3 client asks for before a test: the parameters that this server heeds.</summary>
public struct IperfParameters
{
    /// <summary>Data connections in each direction, at most.</summary>
    public const int ParallelMax = 32;

    /// <summary>Is it a test of TCP?</summary>
    public bool IsTcp;

    /// <summary>Data connections, in each direction if there are two.</summary>
    public int Parallel;

    /// <summary>Does the server send?</summary>
    public bool Reverse;

    /// <summary>Do both send?</summary>
    public bool BothWays;

    /// <summary>Are small segments to be sent at once?</summary>
    public bool NoDelay;

    /// <summary>Seconds at the beginning that do not count.</summary>
    public int OmitSeconds;

    /// <summary>All data connections.</summary>
    public readonly int StreamCount => BothWays ? Parallel * 2 : Parallel;

    /// <summary>Reads the client's JSON object; members that are not known are passed over.</summary>
    /// <returns>False if it is no such object, or asks for what cannot be.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, out IperfParameters parameters)
    {
        parameters = new IperfParameters { Parallel = 1 };
        var reader = new JsonReader(text);
        if (reader.Read() != JsonToken.ObjectStart)
        {
            return false;
        }

        while (reader.Read() == JsonToken.Name)
        {
            ReadOnlySpan<byte> name = reader.Content;
            bool taken = name.SequenceEqual("tcp"u8) ? TryReadFlag(ref reader, out parameters.IsTcp)
                : name.SequenceEqual("reverse"u8) ? TryReadFlag(ref reader, out parameters.Reverse)
                : name.SequenceEqual("bidirectional"u8) ? TryReadFlag(ref reader, out parameters.BothWays)
                : name.SequenceEqual("nodelay"u8) ? TryReadFlag(ref reader, out parameters.NoDelay)
                : name.SequenceEqual("parallel"u8) ? TryReadNumber(ref reader, ParallelMax, out parameters.Parallel)
                : name.SequenceEqual("omit"u8) ? TryReadNumber(ref reader, 600, out parameters.OmitSeconds)
                : reader.Skip();
            if (!taken)
            {
                return false;
            }
        }

        return IsAtEnd(ref reader) && parameters.Parallel > 0;
    }

    /// <summary>Reads the numbers that the client has given its data connections out of its results.</summary>
    /// <returns>How many; -1 if the text is not such an object.</returns>
    public static int ReadStreamIds(ReadOnlySpan<byte> text, Span<int> ids)
    {
        var reader = new JsonReader(text);
        int count = 0;
        if (reader.Read() != JsonToken.ObjectStart)
        {
            return -1;
        }

        while (reader.Read() == JsonToken.Name)
        {
            bool taken = reader.Content.SequenceEqual("streams"u8)
                ? TryReadStreams(ref reader, ids, ref count)
                : reader.Skip();
            if (!taken)
            {
                return -1;
            }
        }

        return IsAtEnd(ref reader) ? count : -1;
    }

    private static bool TryReadStreams(ref JsonReader reader, Span<int> ids, ref int count)
    {
        if (reader.Read() != JsonToken.ArrayStart)
        {
            return false;
        }

        while (reader.Read() == JsonToken.ObjectStart)
        {
            while (reader.Read() == JsonToken.Name)
            {
                int id = 0;
                bool isId = reader.Content.SequenceEqual("id"u8);
                if (isId ? !TryReadNumber(ref reader, int.MaxValue, out id) || count == ids.Length : !reader.Skip())
                {
                    return false;
                }

                if (isId)
                {
                    ids[count++] = id;
                }
            }
        }

        return !reader.IsMalformed;
    }

    private static bool TryReadFlag(ref JsonReader reader, out bool value)
    {
        JsonToken token = reader.Read();

        // Some members are written as 0 and 1.
        value = token == JsonToken.True || (token == JsonToken.Number && !reader.Content.SequenceEqual("0"u8));
        return token is JsonToken.True or JsonToken.False or JsonToken.Number;
    }

    private static bool TryReadNumber(ref JsonReader reader, int most, out int value)
    {
        bool good = reader.Read() == JsonToken.Number & reader.TryGetInteger(out long number);
        value = (int)Math.Clamp(number, 0, most);
        return good && number == value;
    }

    private static bool IsAtEnd(ref JsonReader reader) =>
        reader.Depth == 0 && reader.Read() == JsonToken.None && !reader.IsMalformed;
}
