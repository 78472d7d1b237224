using System;

namespace HaukiOS.Machine;

/// <summary>
/// The words behind the kernel's name in the boot loader. Kept before the memory is taken over: the loader's text may
/// lie anywhere.
/// </summary>
public static unsafe class BootCommandLine
{
    /// <summary>Characters kept. What is longer is cut off and says so.</summary>
    public const int LengthMax = 511;

    private const uint Flag = 1u << 2; // Multiboot Specification 0.6.96, section 3.3
    private const int Offset = 16;

    private static Characters kept;
    private static int length;

    /// <summary>Was the line longer than what was kept?</summary>
    public static bool IsCut { get; private set; }

    /// <summary>The line; empty if the loader gave none. Bytes beyond ASCII stand as <c>?</c>.</summary>
    public static string Text
    {
        get
        {
            char[] text = new char[length];
            for (int i = 0; i < length; i++)
            {
                text[i] = kept.Bytes[i] is >= 0x20 and < 0x7F ? (char)kept.Bytes[i] : '?';
            }

            return new string(text);
        }
    }

    /// <summary>Copies the loader's line.</summary>
    /// <param name="bootInformation">Physical address of the Multiboot information.</param>
    public static void Keep(uint bootInformation)
    {
        var information = (uint*)bootInformation;
        if ((information[0] & Flag) == 0)
        {
            return;
        }

        var text = (byte*)information[Offset / sizeof(uint)];
        while (length < LengthMax && text[length] != 0)
        {
            kept.Bytes[length] = text[length];
            length++;
        }

        IsCut = text[length] != 0;
    }

    /// <summary>Does that word stand in the line by itself?</summary>
    public static bool Has(string word) => Array.IndexOf(Text.Split(' '), word) >= 0;

    /// <summary>What follows <c>NAME=</c> in the first word that begins so; null if there is none.</summary>
    public static string? Value(string name)
    {
        foreach (string word in Text.Split(' '))
        {
            if (word.StartsWith(name, StringComparison.Ordinal) && word.Length > name.Length
                && word[name.Length] == '=')
            {
                return word.Substring(name.Length + 1);
            }
        }

        return null;
    }

    private struct Characters
    {
        public fixed byte Bytes[LengthMax];
    }
}
