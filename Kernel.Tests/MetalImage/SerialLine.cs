using HaukiOS.Machine;

namespace HaukiOS.MetalImage;

/// <summary>Lines of ASCII on COM1, polled. The boot code has set the speed (PC16550D data sheet, table II).</summary>
internal static class SerialLine
{
    private const ushort Data = 0x3F8;
    private const ushort Status = Data + 5;
    private const byte RoomForAByte = 0x20;
    private const byte AllSent = 0x40;

    /// <summary>Writes the text and CR LF.</summary>
    public static void Write(string text)
    {
        foreach (char c in text)
        {
            Send((byte)c);
        }

        Send((byte)'\r');
        Send((byte)'\n');
    }

    /// <summary>Waits until the last byte has left.</summary>
    public static void Flush()
    {
        while ((Cpu.In8(Status) & AllSent) == 0)
        {
        }
    }

    private static void Send(byte value)
    {
        while ((Cpu.In8(Status) & RoomForAByte) == 0)
        {
        }

        Cpu.Out8(Data, value);
    }
}
