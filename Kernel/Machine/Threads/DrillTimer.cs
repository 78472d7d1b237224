using HaukiOS.Hardware;

namespace HaukiOS.Machine;

/// <summary>
/// A beat for the thread drill, which runs before there are any drivers: the first 8259A and channel 0 of the 8254,
/// programmed by hand (Intel 8259A and 8254 data sheets). It ends as every interrupt does, with a look at the worker.
/// </summary>
internal static unsafe class DrillTimer
{
    private const ushort Controller = 0x20;
    private const ushort ControllerData = 0x21;
    private const ushort SecondController = 0xA0;
    private const ushort SecondControllerData = 0xA1;
    private const byte EndOfInterrupt = 0x20;
    private const ushort Channel0 = 0x40;
    private const ushort TimerMode = 0x43;
    private const byte RateGenerator = 0x34;
    private const uint TimerHertz = 1_193_182;

    private static volatile uint beats;

    /// <summary>Beats so far.</summary>
    public static uint Beats => beats;

    /// <summary>Starts the beat; it comes once interrupts are enabled.</summary>
    public static void Start(uint hertz)
    {
        Initialise(Controller, InterruptTable.FirstLine, 1 << 2);
        Initialise(SecondController, InterruptTable.FirstLine + 8, 2);
        Cpu.Out8(ControllerData, 0xFE);
        Cpu.Out8(SecondControllerData, 0xFF);
        uint divisor = TimerHertz / hertz;
        Cpu.Out8(TimerMode, RateGenerator);
        Cpu.Out8(Channel0, (byte)divisor);
        Cpu.Out8(Channel0, (byte)(divisor >> 8));
        InterruptTable.SetHandler(InterruptTable.FirstLine, &OnBeat);
    }

    private static void Initialise(ushort port, int firstVector, byte cascade)
    {
        Cpu.Out8(port, 0x11);
        Cpu.Out8((ushort)(port + 1), (byte)firstVector);
        Cpu.Out8((ushort)(port + 1), cascade);
        Cpu.Out8((ushort)(port + 1), 0x01);
    }

    private static void OnBeat(TrapFrame* frame)
    {
        beats++;
        Cpu.Out8(Controller, EndOfInterrupt);
        BackgroundWorker.LeaveAfterInterrupt(frame);
    }
}
