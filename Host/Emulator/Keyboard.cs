using System;

namespace HaukiOS.Host.Emulator;

/// <summary>Which key of an American keyboard makes a character, by QEMU's key names.</summary>
internal static class Keyboard
{
    private const string Plain = "-=[];'`\\,./ \r\b";
    private const string Shifted = "_+{}:\"~|<>?";

    private static readonly string[] PlainNames =
    [
        "minus", "equal", "bracket_left", "bracket_right", "semicolon", "apostrophe", "grave_accent", "backslash",
        "comma", "dot", "slash", "spc", "ret", "backspace",
    ];

    /// <summary>The key, and whether Shift is held with it.</summary>
    public static (string Key, bool Shifted) KeyOf(char character)
    {
        if (char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character))
        {
            return (character.ToString(), false);
        }

        if (char.IsAsciiLetterUpper(character))
        {
            return (char.ToLowerInvariant(character).ToString(), true);
        }

        if (Plain.IndexOf(character, StringComparison.Ordinal) is var plain and >= 0)
        {
            return (PlainNames[plain], false);
        }

        if (Shifted.IndexOf(character, StringComparison.Ordinal) is var shifted and >= 0)
        {
            return (PlainNames[shifted], true);
        }

        var digit = ")!@#$%^&*(".IndexOf(character, StringComparison.Ordinal);
        return digit >= 0
            ? (((char)('0' + digit)).ToString(), true)
            : throw new ArgumentException($"No key makes the character '{character}'.", nameof(character));
    }
}
