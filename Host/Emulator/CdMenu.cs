using System;
using System.IO;
using System.Text;

namespace HaukiOS.Host.Emulator;

/// <summary>
/// The text on the kernel's CD by which GRUB knows what to start. For emulators that cannot start a kernel by
/// themselves: a CD with other arguments is a copy in which that text was written over.
/// </summary>
internal static class CdMenu
{
    // How the text of Iso/grub.cfg begins and ends; a file on a CD lies in one piece.
    private static readonly byte[] First = "# Read by GRUB"u8.ToArray();
    private static readonly byte[] Last = "\nboot\n"u8.ToArray();

    /// <summary>Copies the CD and lets the copy start its kernel with these arguments.</summary>
    /// <exception cref="EmulatorException">There is no such text on it, or no room for the arguments.</exception>
    public static void CopyWith(string iso, string copy, string arguments)
    {
        var image = File.ReadAllBytes(iso);
        var menu = image.AsSpan(Math.Max(0, image.AsSpan().IndexOf(First)));
        var length = menu.IndexOf(Last) + Last.Length;
        var text = Encoding.ASCII.GetBytes($"multiboot /boot/hauki.elf {arguments}\nboot\n");
        if (!menu.StartsWith(First) || length < text.Length)
        {
            throw new EmulatorException($"{iso} cannot be given the arguments '{arguments}'.");
        }

        menu[..length].Fill((byte)'\n');
        text.CopyTo(menu);
        File.WriteAllBytes(copy, image);
    }
}
