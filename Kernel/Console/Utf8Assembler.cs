using System;

namespace HaukiOS.Console;

/// <summary>
/// Collects the bytes of one UTF-8 character (RFC 3629). Overlong forms, surrogates, values past U+10FFFF, stray
/// bytes and control characters (C0, C1) never come out.
/// </summary>
public sealed class Utf8Assembler
{
    private readonly byte[] bytes = new byte[4];
    private int have;
    private int need;

    /// <summary>Forgets a character that has only begun.</summary>
    public void Reset()
    {
        have = 0;
        need = 0;
        bytes.AsSpan().Clear();
    }

    /// <summary>Takes one byte.</summary>
    /// <returns>The character if this byte completed one, else nothing. Valid until the next call.</returns>
    public ReadOnlySpan<byte> Take(byte value)
    {
        bool continues = (value & 0xC0) == 0x80;
        if (need == 0 || !continues)
        {
            have = 0;
            need = LengthFor(value);
            if (need == 0)
            {
                return default;
            }
        }

        bytes[have++] = value;
        if (have < need)
        {
            return default;
        }

        need = 0;
        return IsCharacter(bytes.AsSpan(0, have)) ? bytes.AsSpan(0, have) : default;
    }

    private static int LengthFor(byte first) => first switch
    {
        < 0x20 or 0x7F => 0,
        < 0x80 => 1,
        >= 0xC2 and <= 0xDF => 2,
        >= 0xE0 and <= 0xEF => 3,
        >= 0xF0 and <= 0xF4 => 4,
        _ => 0,
    };

    private static bool IsCharacter(ReadOnlySpan<byte> utf8)
    {
        switch (utf8.Length)
        {
            case 2:
                return utf8[0] != 0xC2 || utf8[1] >= 0xA0;
            case 3:
                return (utf8[0] != 0xE0 || utf8[1] >= 0xA0) && (utf8[0] != 0xED || utf8[1] < 0xA0);
            case 4:
                return (utf8[0] != 0xF0 || utf8[1] >= 0x90) && (utf8[0] != 0xF4 || utf8[1] < 0x90);
            default:
                return true;
        }
    }
}
