namespace HaukiOS.Machine;

/// <summary>
/// The two places that work whatever state the kernel is in: COM1, polled, and the VGA text screen. No allocation, no
/// interrupts, no locks. Used before the drivers exist and after everything has failed.
/// </summary>
internal static unsafe class PanicOutput
{
    // 16550: data sheet of the PC16550D, table II. Registers relative to the base.
    private const ushort Com1 = 0x3F8;
    private const ushort UartInterrupts = Com1 + 1;
    private const ushort UartFifo = Com1 + 2;
    private const ushort UartLine = Com1 + 3;
    private const ushort UartModem = Com1 + 4;
    private const ushort UartStatus = Com1 + 5;
    private const byte SenderReady = 0x20;
    private const byte SenderIdle = 0x40;

    /// <summary>Polls before a byte is given up: a dead port must not stop a panic.</summary>
    private const int Patience = 100_000;

    private const int Columns = 80;
    private const int Rows = 25;
    private const ushort WhiteOnRed = 0x4F00;

    private static bool onScreen;
    private static int cell;

    private static ushort* Screen => (ushort*)0x000B_8000;

    /// <summary>Sets the serial line to 115200 8N1, interrupts off.</summary>
    public static void InitializeSerial()
    {
        const byte DivisorLatch = 0x80;
        const byte EightBits = 0x03;
        const byte FifoOnAndClear = 0x07;
        const byte ReadyToSend = 0x03; // DTR and RTS
        Cpu.Out8(UartInterrupts, 0);
        Cpu.Out8(UartLine, DivisorLatch);
        Cpu.Out8(Com1, 1);
        Cpu.Out8(UartInterrupts, 0);
        Cpu.Out8(UartLine, EightBits);
        Cpu.Out8(UartFifo, FifoOnAndClear);
        Cpu.Out8(UartModem, ReadyToSend);
    }

    /// <summary>Clears the screen; from here on everything goes there, too, until it is full.</summary>
    public static void TakeScreen()
    {
        for (int i = 0; i < Columns * Rows; i++)
            Screen[i] = WhiteOnRed | ' ';
        cell = 0;
        onScreen = true;
    }

    /// <summary>Waits until the last byte has left the serial port, or it is plain that it never will.</summary>
    public static void Flush() => WaitFor(SenderIdle);

    public static void Write(string text)
    {
        for (int i = 0; i < text.Length; i++)
            Write(text[i]);
    }

    /// <summary>Writes NUL-terminated text of at most <paramref name="limit"/> bytes.</summary>
    public static void Write(byte* text, int limit)
    {
        for (int i = 0; i < limit && text[i] != 0; i++)
            Write((char)text[i]);
    }

    public static void WriteHex(uint value)
    {
        for (int shift = 28; shift >= 0; shift -= 4)
            WriteHexDigit((value >> shift) & 15);
    }

    public static void WriteHexByte(byte value)
    {
        WriteHexDigit((uint)value >> 4);
        WriteHexDigit(value & 15u);
    }

    public static void WriteDecimal(uint value)
    {
        if (value >= 10)
            WriteDecimal(value / 10);
        Write((char)('0' + (value % 10)));
    }

    public static void WriteLine()
    {
        SendSerial((byte)'\r');
        SendSerial((byte)'\n');
        if (onScreen)
            cell += Columns - (cell % Columns);
    }

    private static void Write(char character)
    {
        if (character == '\n')
        {
            WriteLine();
            return;
        }

        // The screen knows code page 437, and a message may hold anything: only printable ASCII goes out.
        byte shown = character is >= ' ' and <= '~' ? (byte)character : (byte)'?';
        SendSerial(shown);
        if (onScreen && cell < Columns * Rows)
            Screen[cell++] = (ushort)(WhiteOnRed | shown);
    }

    private static void WriteHexDigit(uint digit) => Write((char)(digit < 10 ? '0' + digit : 'A' - 10 + digit));

    private static void SendSerial(byte value)
    {
        WaitFor(SenderReady);
        Cpu.Out8(Com1, value);
    }

    private static void WaitFor(byte bit)
    {
        for (int i = 0; i < Patience && (Cpu.In8(UartStatus) & bit) == 0; i++)
        {
        }
    }
}
