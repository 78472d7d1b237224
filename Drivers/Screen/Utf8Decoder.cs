namespace HaukiOS.Drivers.Screen;

/// <summary>Turns UTF-8, byte by byte, into characters. Anything malformed becomes U+FFFD (RFC 3629).</summary>
public struct Utf8Decoder
{
    /// <summary>What stands for a malformed sequence.</summary>
    public const int Replacement = 0xFFFD;

    private int codePoint;
    private int smallest; // what the sequence must at least encode, or it was longer than need be
    private int missing;

    /// <summary>Takes the next byte.</summary>
    /// <returns>True if a character is complete.</returns>
    public bool TryDecode(byte value, out int character)
    {
        if (value < 0x80)
        {
            missing = 0;
            character = value;
            return true;
        }

        if ((value & 0xC0) == 0x80)
        {
            return TryContinue(value, out character);
        }

        (missing, smallest, codePoint) = value switch
        {
            >= 0xC2 and <= 0xDF => (1, 0x80, value & 0x1F),
            >= 0xE0 and <= 0xEF => (2, 0x800, value & 0x0F),
            >= 0xF0 and <= 0xF4 => (3, 0x10000, value & 0x07),
            _ => (0, 0, 0),
        };
        character = Replacement;
        return missing == 0;
    }

    private bool TryContinue(byte value, out int character)
    {
        character = Replacement;
        if (missing == 0)
        {
            return true;
        }

        codePoint = (codePoint << 6) | (value & 0x3F);
        missing--;
        if (missing > 0)
        {
            return false;
        }

        bool valid = codePoint >= smallest && (codePoint is < 0xD800 or (> 0xDFFF and <= 0x10FFFF));
        character = valid ? codePoint : Replacement;
        return true;
    }
}
