using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;

namespace HaukiOS.Drivers.Keyboard;

/// <summary>
/// The PC's keyboard controller with a PS/2 keyboard on its first port (Intel 8042; IBM PS/2 technical reference,
/// "Keyboard and Auxiliary Device Controller"). The controller translates to scancode set 1.
/// </summary>
public sealed class KeyboardController : IInterruptHandler
{
    /// <summary>The interrupt line of the keyboard.</summary>
    public const int Line = 1;

    /// <summary>Bytes typed and not yet read. Whatever is typed beyond is lost, as on a terminal.</summary>
    public const int TypedCapacity = 256;

    private const long AnswerMilliseconds = 50;
    private const long SelfTestMilliseconds = 1000;
    private const int StaleBytesMax = 64;

    // Commands to the controller.
    private const byte DisableKeyboard = 0xAD;
    private const byte EnableKeyboard = 0xAE;
    private const byte DisableMouse = 0xA7;
    private const byte ReadConfiguration = 0x20;
    private const byte WriteConfiguration = 0x60;
    private const byte SelfTest = 0xAA;
    private const byte SelfTestPassed = 0x55;

    // Command to the keyboard itself.
    private const byte StartScanning = 0xF4;
    private const byte NoController = 0xFF; // what a port reads that nobody answers at

    private readonly Port8 data;
    private readonly Port8 status;
    private readonly IClock clock;
    private readonly ByteRing typed = new(TypedCapacity);
    private ScancodeDecoder decoder = new();

    private KeyboardController(PortSpace ports, IClock clock)
    {
        data = new Port8(ports, 0x60);
        status = new Port8(ports, 0x64);
        this.clock = clock;
    }

    /// <summary>What the handler sets when something has been typed.</summary>
    public PendingBit? Pending { get; set; }

    [Flags]
    private enum Status : byte
    {
        OutputFull = 1 << 0,
        InputFull = 1 << 1,
        FromMouse = 1 << 5,
    }

    [Flags]
    private enum Configuration : byte
    {
        KeyboardInterrupt = 1 << 0,
        MouseInterrupt = 1 << 1,
        KeyboardOff = 1 << 4,
        MouseOff = 1 << 5,
        TranslateToSet1 = 1 << 6,
    }

    /// <summary>
    /// Looks for a controller and sets it up. A missing keyboard is no reason to fail: it may come later.
    /// </summary>
    /// <returns>Null if there is no controller.</returns>
    public static KeyboardController? Probe(PortSpace ports, IClock clock)
    {
        KeyboardController controller = new(ports, clock);
        return controller.status.Read() != NoController && controller.Initialise() ? controller : null;
    }

    /// <summary>
    /// Goes on with the controller of another machine, which a driver like this one has set up before: it is only
    /// brought to the known configuration. Keys that are held down count as released.
    /// </summary>
    /// <returns>False if that machine has none; this object is of no more use then.</returns>
    public bool TryRestart()
    {
        decoder = new ScancodeDecoder();
        if (status.Read() == NoController || !TryCommand(DisableKeyboard))
        {
            return false;
        }

        DiscardStale();
        bool done = TryConfigure();
        DiscardStale();
        return done;
    }

    /// <summary>Takes one typed byte, if there is one.</summary>
    public bool TryRead(out byte value) => typed.TryRead(out value);

    /// <inheritdoc/>
    public void OnInterrupt()
    {
        Span<byte> bytes = stackalloc byte[ScancodeDecoder.BytesPerKeyMax];
        for (int i = 0; i < StaleBytesMax; i++)
        {
            Status now = (Status)status.Read();
            if ((now & Status.OutputFull) == 0 || now == (Status)NoController)
            {
                return;
            }

            byte code = data.Read();
            if ((now & Status.FromMouse) != 0)
            {
                continue;
            }

            int count = decoder.Decode(code, bytes);
            if (count <= typed.Free)
            {
                _ = typed.Write(bytes[..count]);
                Pending?.Set();
            }
        }
    }

    private bool Initialise()
    {
        if (!TryCommand(DisableKeyboard) || !TryCommand(DisableMouse))
        {
            return false;
        }

        DiscardStale();
        if (!TryCommand(SelfTest) || !TryReceive(SelfTestMilliseconds, out byte result) || result != SelfTestPassed)
        {
            return false;
        }

        if (!TryConfigure())
        {
            return false;
        }

        // The answer (ACK, or nothing without a keyboard) is no scancode; it must not reach the decoder.
        if (TrySend(StartScanning))
        {
            _ = TryReceive(AnswerMilliseconds, out _);
        }

        DiscardStale();
        return true;
    }

    private bool TryConfigure()
    {
        if (!TryCommand(ReadConfiguration) || !TryReceive(AnswerMilliseconds, out byte value))
        {
            return false;
        }

        Configuration configuration = (Configuration)value;
        configuration |= Configuration.KeyboardInterrupt | Configuration.TranslateToSet1 | Configuration.MouseOff;
        configuration &= ~(Configuration.MouseInterrupt | Configuration.KeyboardOff);
        return TryCommand(WriteConfiguration) && TrySend((byte)configuration) && TryCommand(EnableKeyboard);
    }

    private bool TryCommand(byte command)
    {
        if (!WaitFor(Status.InputFull, set: false, AnswerMilliseconds))
        {
            return false;
        }

        status.Write(command);
        return WaitFor(Status.InputFull, set: false, AnswerMilliseconds);
    }

    private bool TrySend(byte value)
    {
        if (!WaitFor(Status.InputFull, set: false, AnswerMilliseconds))
        {
            return false;
        }

        data.Write(value);
        return true;
    }

    private bool TryReceive(long milliseconds, out byte value)
    {
        bool ready = WaitFor(Status.OutputFull, set: true, milliseconds);
        value = ready ? data.Read() : (byte)0;
        return ready;
    }

    private void DiscardStale()
    {
        for (int i = 0; i < StaleBytesMax && ((Status)status.Read() & Status.OutputFull) != 0; i++)
        {
            _ = data.Read();
        }
    }

    private bool WaitFor(Status bit, bool set, long milliseconds)
    {
        Instant deadline = clock.Now.AddMilliseconds(milliseconds);
        while ((((Status)status.Read() & bit) != 0) != set)
        {
            if (clock.Now > deadline)
            {
                return false;
            }
        }

        return true;
    }
}
