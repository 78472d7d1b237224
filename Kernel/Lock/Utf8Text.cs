using System;
using System.Text;

namespace HaukiOS.Lock;

/// <summary>UTF-8 from a disk or a wire, read strictly.</summary>
public static class Utf8Text
{
    /// <summary>Reads text that must be well formed and free of control characters.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out string text)
    {
        text = Encoding.UTF8.GetString(utf8);

        // A lenient decoder replaces what is malformed, and then the way back leads elsewhere.
        Span<byte> back = utf8.Length <= 512 ? stackalloc byte[512 * 3] : new byte[utf8.Length * 3];
        int length = Encoding.UTF8.GetBytes(text, back);
        if (!back.Slice(0, length).SequenceEqual(utf8))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (c < ' ' || c is >= (char)0x7F and < (char)0xA0)
            {
                return false;
            }
        }

        return true;
    }
}
