namespace HaukiOS.Drivers.Screen;

/// <summary>The characters that the PC's built-in font can show (IBM code page 437).</summary>
public static class CodePage437
{
    private const byte Unknown = (byte)'?';

    // Codes 0x80 to 0xFF in order.
    private const string UpperHalf =
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ"
        + "áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
        + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
        + "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";

    /// <summary>The font's code for a Unicode character, or that of '?'.</summary>
    public static byte Encode(int codePoint)
    {
        if (codePoint is >= 0x20 and < 0x7F)
        {
            return (byte)codePoint;
        }

        for (int i = 0; i < UpperHalf.Length; i++)
        {
            if (UpperHalf[i] == codePoint)
            {
                return (byte)(0x80 + i);
            }
        }

        return Unknown;
    }
}
