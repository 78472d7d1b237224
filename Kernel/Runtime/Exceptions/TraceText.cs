using System;

namespace Internal.Runtime;

/// <summary>Turns the addresses of a trace into text. Allocates: not for panics.</summary>
internal static unsafe class TraceText
{
    private const int NameMax = 512;

    /// <summary>One line for each frame.</summary>
    public static string Of(in CapturedTrace trace)
    {
        string text = "";
        for (int i = 0; i < trace.Kept; i++)
        {
            string line = "   at " + NameOf(trace[i]);
            text = i == 0 ? line : text + "\n" + line;
        }

        return trace.Count > trace.Kept ? text + "\n   (and more)" : text;
    }

    private static string NameOf(uint instruction)
    {
        byte* name = SymbolTable.Find(instruction, out uint offset, out int length);
        return name == null ? "0x" + Hex(instruction) : Decode(name, length) + " +0x" + Hex(offset);
    }

    /// <summary>Names of symbols are ASCII but for identifiers that are not; those are rare enough to lose.</summary>
    private static string Decode(byte* name, int length)
    {
        int count = length < NameMax ? length : NameMax;
        char* characters = stackalloc char[NameMax];
        for (int i = 0; i < count; i++)
            characters[i] = name[i] < 0x80 ? (char)name[i] : '?';
        return new string(characters, 0, count);
    }

    private static string Hex(uint value)
    {
        char* digits = stackalloc char[8];
        int at = 8;
        do
        {
            uint digit = value & 15;
            digits[--at] = (char)(digit < 10 ? '0' + digit : 'a' - 10 + digit);
            value >>= 4;
        }
        while (value != 0);
        return new string(digits, at, 8 - at);
    }
}
