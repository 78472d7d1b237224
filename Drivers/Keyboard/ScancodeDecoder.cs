using System;

namespace HaukiOS.Drivers.Keyboard;

/// <summary>
/// From scancodes of set 1 (IBM PS/2 technical reference, "Keyboards") to the bytes that a terminal would send, on
/// the US layout. Pure: it holds the state of the modifier keys and nothing else.
/// </summary>
public sealed class ScancodeDecoder
{
    /// <summary>The most bytes one key yields.</summary>
    public const int BytesPerKeyMax = 4;

    private const byte ExtendedPrefix = 0xE0;
    private const byte PausePrefix = 0xE1;
    private const int PauseBytesAfterPrefix = 5; // Pause sends E1 1D 45 E1 9D C5 in one go and no release
    private const byte Released = 0x80;

    private const byte LeftShift = 0x2A;
    private const byte RightShift = 0x36;
    private const byte Control = 0x1D;
    private const byte Alt = 0x38;
    private const byte CapsLock = 0x3A;
    private const byte NumLock = 0x45;
    private const byte KeypadFirst = 0x47;
    private const byte KeypadLast = 0x53;
    private const byte KeypadSlash = 0x35;

    // Index = scancode. NUL = no character of its own.
    private const string Plain =
        "\0\u001B1234567890-=\u007F\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";

    private const string Shifted =
        "\0\u001B!@#$%^&*()_+\u007F\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

    // From scancode 0x47 on, with Num Lock.
    private const string KeypadDigits = "789-456+1230.";

    private bool leftShift;
    private bool rightShift;
    private bool leftControl;
    private bool rightControl;
    private bool alt;
    private bool caps;
    private bool number = true;
    private bool extended;
    private int swallow;

    /// <summary>Takes one scancode.</summary>
    /// <param name="code">A byte of set 1.</param>
    /// <param name="into">At least <see cref="BytesPerKeyMax"/> bytes.</param>
    /// <returns>Bytes written; 0 for releases, modifiers and keys without a meaning.</returns>
    public int Decode(byte code, Span<byte> into)
    {
        if (swallow > 0)
        {
            swallow--;
            return 0;
        }

        if (code == PausePrefix)
        {
            swallow = PauseBytesAfterPrefix;
            return 0;
        }

        if (code == ExtendedPrefix)
        {
            extended = true;
            return 0;
        }

        bool wasExtended = extended;
        extended = false;
        bool pressed = (code & Released) == 0;
        byte key = (byte)(code & ~Released);
        if (FollowModifier(key, pressed, wasExtended) || !pressed)
        {
            return 0;
        }

        return wasExtended ? DecodeExtended(key, into) : DecodeKey(key, into);
    }

    private static int PutText(string text, Span<byte> into)
    {
        for (int i = 0; i < text.Length; i++)
        {
            into[i] = (byte)text[i];
        }

        return text.Length;
    }

    private bool FollowModifier(byte key, bool pressed, bool isExtended)
    {
        switch (key)
        {
            case LeftShift when isExtended:
            case RightShift when isExtended:
                return true; // the keyboard itself invents these around arrow keys; they are no Shift
            case LeftShift:
                leftShift = pressed;
                return true;
            case RightShift:
                rightShift = pressed;
                return true;
            case Control when isExtended:
                rightControl = pressed;
                return true;
            case Control:
                leftControl = pressed;
                return true;
            case Alt:
                alt = pressed;
                return true;
            case CapsLock:
                caps ^= pressed;
                return true;
            case NumLock when !isExtended:
                number ^= pressed;
                return true;
            default:
                return false;
        }
    }

    private int DecodeKey(byte key, Span<byte> into)
    {
        if (key is >= KeypadFirst and <= KeypadLast)
        {
            char digit = KeypadDigits[key - KeypadFirst];
            return number || digit is '-' or '+' ? PutCharacter(digit, into) : DecodeExtended(key, into);
        }

        if (key >= Plain.Length || Plain[key] == '\0')
        {
            return 0;
        }

        bool shift = leftShift || rightShift;
        bool isLetter = Plain[key] is >= 'a' and <= 'z';
        return PutCharacter((shift ^ (caps && isLetter)) ? Shifted[key] : Plain[key], into);
    }

    /// <summary>Keys behind the E0 prefix: what a terminal of the ECMA-48 family sends for them.</summary>
    private int DecodeExtended(byte key, Span<byte> into) => key switch
    {
        0x1C => PutCharacter('\r', into),
        KeypadSlash => PutCharacter('/', into),
        0x47 => PutText("\u001B[H", into),
        0x48 => PutText("\u001B[A", into),
        0x49 => PutText("\u001B[5~", into),
        0x4B => PutText("\u001B[D", into),
        0x4D => PutText("\u001B[C", into),
        0x4F => PutText("\u001B[F", into),
        0x50 => PutText("\u001B[B", into),
        0x51 => PutText("\u001B[6~", into),
        0x52 => PutText("\u001B[2~", into),
        0x53 => PutText("\u001B[3~", into),
        _ => 0,
    };

    private int PutCharacter(char character, Span<byte> into)
    {
        const int controlMask = 0x1F;
        if (leftControl || rightControl)
        {
            if (character is not (>= '@' and <= 'z'))
            {
                return 0;
            }

            character = (char)(character & controlMask);
        }

        // A terminal sends ESC before the character for Alt; here the key is left without a meaning.
        if (alt)
        {
            return 0;
        }

        into[0] = (byte)character;
        return 1;
    }
}
