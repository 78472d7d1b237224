using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HaukiOS.Conformance;

/// <summary>Spans, memory, bytes in either order, vectors.</summary>
public static class SpanCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddSearching(suite);
        AddText(suite);
        AddMemory(suite);
        AddBinary(suite);
        AddVectors(suite);
    }

    private static string Show<T>(ReadOnlySpan<T> span) => string.Join(' ', span.ToArray());

    private static void AddSearching(Suite suite)
    {
        suite.Add("span: index", () =>
        {
            ReadOnlySpan<int> span = [5, 3, 9, 3, 1];
            return $"{span.IndexOf(3)} {span.LastIndexOf(3)} {span.IndexOf(7)} {span.IndexOf([9, 3])} "
                + $"{span.Contains(1)} "
                + $"{span.IndexOfAny(9, 1)} {span.IndexOfAnyExcept(5)} {span.Count(3)} {span.IndexOf([])}";
        });
        suite.Add("span: compare", () =>
        {
            ReadOnlySpan<byte> a = [1, 2, 3];
            ReadOnlySpan<byte> b = [1, 2, 4];
            return $"{a.SequenceEqual(b)} {a.SequenceCompareTo(b)} {a.StartsWith(b[..2])} {a.EndsWith(b[2..])} "
                + $"{a.CommonPrefixLength(b)} {a[..2].SequenceEqual(b[..2])}";
        });
        suite.Add("span: slices", () =>
        {
            Span<int> span = [1, 2, 3, 4, 5];
            return Show<int>(span[1..^1]) + "|" + Show<int>(span.Slice(3)) + "|" + span[^1];
        });
        suite.Add("span: fill, clear, reverse, sort", () =>
        {
            Span<int> span = stackalloc int[6];
            span.Fill(7);
            span[2..4].Clear();
            span[0] = 1;
            span.Reverse();
            string before = Show<int>(span);
            span.Sort();
            return before + "|" + Show<int>(span) + "|" + span.BinarySearch(7);
        });
        suite.Add("span: overlapping copies", () =>
        {
            byte[] bytes = [1, 2, 3, 4, 5, 6, 7, 8];
            bytes.AsSpan(0, 6).CopyTo(bytes.AsSpan(2));
            byte[] other = [1, 2, 3, 4, 5, 6, 7, 8];
            other.AsSpan(2, 6).CopyTo(other);
            return Convert.ToHexString(bytes) + " " + Convert.ToHexString(other);
        });
        suite.Add("span: copies of every length", () =>
        {
            uint sum = 0;
            byte[] source = new byte[100];
            new Random(1).NextBytes(source);
            for (int length = 0; length < 100; length++)
            {
                byte[] target = new byte[110];
                source.AsSpan(0, length).CopyTo(target.AsSpan(5));
                foreach (byte value in target)
                {
                    sum = (sum * 31) + value;
                }
            }

            return sum.ToString();
        });
        suite.Add("span: too short a destination", () =>
        {
            new byte[4].AsSpan().CopyTo(new byte[3]);
            return "copied";
        });
        suite.Add("span: out of range", () => new int[3].AsSpan()[new List<int>().Count + 3].ToString());
        suite.Add("span: slice out of range", () => new int[3].AsSpan().Slice(2, 2).Length.ToString());
        suite.Add("span: of the wrong array", () =>
        {
            object[] strings = new string[2];
            return strings.AsSpan().Length.ToString();
        });
    }

    private static void AddText(Suite suite)
    {
        suite.Add("span: trim", () =>
            $"[{"  ab ".AsSpan().Trim()}][{"xaxx".AsSpan().Trim('x')}][{" a".AsSpan().TrimEnd()}]");
        suite.Add("span: compare text", () => $"{"Hauki".AsSpan().Equals("hAUKI", StringComparison.OrdinalIgnoreCase)} "
            + $"{"abc".AsSpan().IndexOf("BC", StringComparison.OrdinalIgnoreCase)} "
            + $"{"abc".AsSpan().CompareTo("abd", StringComparison.Ordinal)}");
        suite.Add("span: split", () =>
        {
            string text = "";
            ReadOnlySpan<char> source = "a,bb,,c";
            foreach (Range part in source.Split(','))
            {
                text += "[" + source[part].ToString() + "]";
            }

            return text;
        });
        suite.Add("span: lines", () =>
        {
            string text = "";
            foreach (ReadOnlySpan<char> line in "a\r\nb\n\nc\r".AsSpan().EnumerateLines())
            {
                text += "[" + line.ToString() + "]";
            }

            return text;
        });
        suite.Add("span: as text", () => "hauki".AsSpan(1).ToString() + new[] { 1, 2 }.AsSpan().ToString());
        suite.Add("span: switch on text", () => "kala".AsSpan() switch { "hauki" => "1", "kala" => "2", _ => "3" });
    }

    private static void AddMemory(Suite suite)
    {
        suite.Add("memory: slices and equality", () =>
        {
            int[] array = [1, 2, 3, 4];
            Memory<int> memory = array.AsMemory(1);
            memory.Span[0] = 20;
            return Show<int>(memory.Slice(0, 2).Span) + " " + memory.Length + " " + memory.Equals(array.AsMemory(1))
                + " " + array[1];
        });
        suite.Add("memory: of a string", () => "hauki".AsMemory(1, 3).ToString());
        suite.Add("memory: cast", () =>
        {
            Span<byte> bytes = [1, 0, 0, 0, 255, 255, 255, 255, 9];
            return Show<int>(MemoryMarshal.Cast<byte, int>(bytes)) + " " + MemoryMarshal.AsBytes<int>([258]).Length
                + " " + MemoryMarshal.Read<ushort>(bytes[4..]);
        });
        suite.Add("memory: reading past the end", () => MemoryMarshal.Read<int>([1, 2, 3]).ToString());
        suite.Add("memory: pool", () =>
        {
            int[] rented = ArrayPool<int>.Shared.Rent(100);
            ArrayPool<int>.Shared.Return(rented);
            return rented.Length + " " + ArrayPool<byte>.Shared.Rent(0).Length;
        });
        suite.Add("memory: buffer writer", () =>
        {
            ArrayBufferWriter<byte> writer = new();
            writer.GetSpan(4)[0] = 7;
            writer.Advance(1);
            return writer.WrittenCount + " " + writer.WrittenSpan[0];
        });
        suite.Add("memory: block copy", () =>
        {
            int[] source = [0x01020304, 0x05060708];
            byte[] target = new byte[8];
            Buffer.BlockCopy(source, 1, target, 2, 5);
            return Convert.ToHexString(target) + Buffer.ByteLength(source);
        });
    }

    private static void AddBinary(Suite suite)
    {
        suite.Add("binary: little endian", () =>
        {
            Span<byte> room = stackalloc byte[30];
            BinaryPrimitives.WriteInt16LittleEndian(room, -2);
            BinaryPrimitives.WriteUInt32LittleEndian(room[2..], 0x12345678);
            BinaryPrimitives.WriteInt64LittleEndian(room[6..], -3);
            BinaryPrimitives.WriteDoubleLittleEndian(room[14..], 1.5);
            return Convert.ToHexString(room) + " " + BinaryPrimitives.ReadInt64LittleEndian(room[6..]);
        });
        suite.Add("binary: big endian", () =>
        {
            Span<byte> room = stackalloc byte[30];
            BinaryPrimitives.WriteUInt16BigEndian(room, 0xABCD);
            BinaryPrimitives.WriteInt32BigEndian(room[2..], -2);
            BinaryPrimitives.WriteUInt64BigEndian(room[6..], 0x0102030405060708);
            BinaryPrimitives.WriteSingleBigEndian(room[14..], 1.5f);
            return Convert.ToHexString(room) + " " + BinaryPrimitives.ReadUInt64BigEndian(room[6..]);
        });
        suite.Add("binary: reversed", () => $"{BinaryPrimitives.ReverseEndianness(0x1234):X} "
            + $"{BinaryPrimitives.ReverseEndianness(0x123456789AL):X} {BinaryPrimitives.ReverseEndianness((short)1)}");
        suite.Add("binary: too little", () => BinaryPrimitives.ReadUInt32BigEndian([1, 2, 3]).ToString());
        suite.Add("binary: bytes of values", () => BitConverter.ToString(BitConverter.GetBytes(1.5)) + " "
            + BitConverter.ToInt32([1, 2, 3, 4, 5], 1) + " " + BitConverter.SingleToInt32Bits(-0f));
    }

    private static void AddVectors(Suite suite)
    {
        suite.Add("vector: sse2 is there", () => Sse2.IsSupported.ToString());
        suite.Add("vector: integer arithmetic", () =>
        {
            Vector128<uint> a = Vector128.Create(1u, 2u, 0xFFFFFFFF, 4u);
            Vector128<uint> b = Vector128.Create(5u, 6u, 7u, 8u);
            return $"{Sse2.Add(a, b)} {Sse2.Subtract(a, b)} {Sse2.Xor(a, b)} {Sse2.Multiply(a, b)} {a ^ b} {a + b}";
        });
        suite.Add("vector: shifts and shuffles", () =>
        {
            Vector128<uint> a = Vector128.Create(0x80000001, 2, 3, 4);
            return $"{Sse2.ShiftLeftLogical(a, 4)} {Sse2.ShiftRightLogical(a, 1)} {Sse2.Shuffle(a, 0b00_01_10_11)} "
                + $"{Sse2.UnpackLow(a, a)} {Sse2.ShiftLeftLogical128BitLane(a, 4)}";
        });
        suite.Add("vector: floating point", () =>
        {
            Vector128<double> a = Vector128.Create(1.5, -2.25);
            Vector128<float> b = Vector128.Create(1f, 2f, 3f, 4f);
            return $"{Sse2.Add(a, a)} {Sse2.Multiply(a, a)} {Sse.Multiply(b, b)} {Sse.Sqrt(b)} {Sse2.MoveMask(a)}";
        });
        suite.Add("vector: bytes", () =>
        {
            Vector128<byte> a = Vector128.Create((byte)200);
            return $"{Sse2.AddSaturate(a, a)} {Sse2.Average(a, Vector128<byte>.Zero)} {Sse2.MoveMask(a)} "
                + $"{a.AsUInt32()} {a.GetElement(3)} {a.WithElement(2, (byte)1)}";
        });
        suite.Add("vector: into memory and back", () =>
        {
            Span<ulong> room = stackalloc ulong[2];
            Vector128.Create(5UL, 6UL).CopyTo(room);
            return room[0] + " " + room[1] + " " + (Vector128.Create<ulong>(room) == Vector128.Create(5UL, 6UL));
        });
    }
}
