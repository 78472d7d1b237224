using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Time;

/// <summary>
/// The interval timer of a PC (Intel 8254 datasheet, 231164-005). Channel 0 beats on interrupt line 0; channel 2,
/// which can drive the loudspeaker, measures.
/// </summary>
public sealed class Pit8254
{
    /// <summary>The interrupt line of channel 0.</summary>
    public const int Line = 0;

    /// <summary>Three times the input frequency in Hz, which itself is no whole number: 14.31818 MHz / 12.</summary>
    public const long TripleFrequency = 3_579_545;

    // Control words (datasheet, "Control Word Format"): channel, low byte then high byte, mode, binary.
    private const byte Channel0RateGenerator = 0x34;
    private const byte Channel2CountDownOnce = 0xB0;
    private const byte LatchChannel0 = 0x00;
    private const byte LatchChannel2 = 0x80;

    // Port B of the PC's peripheral interface: gate of channel 2 and the loudspeaker's switch.
    private const byte Gate2 = 1 << 0;
    private const byte Loudspeaker = 1 << 1;

    private readonly Port8 channel0;
    private readonly Port8 channel2;
    private readonly Port8 control;
    private readonly Port8 gates;

    /// <summary>Binds the timer at its fixed ports; nothing is written yet.</summary>
    public Pit8254(PortSpace ports)
    {
        channel0 = new Port8(ports, 0x40);
        channel2 = new Port8(ports, 0x42);
        control = new Port8(ports, 0x43);
        gates = new Port8(ports, 0x61);
    }

    /// <summary>Lets channel 0 interrupt every <paramref name="divisor"/> units of the input clock.</summary>
    public void StartTicks(ushort divisor)
    {
        control.Write(Channel0RateGenerator);
        channel0.Write((byte)divisor);
        channel0.Write((byte)(divisor >> 8));
    }

    /// <summary>What channel 0 has still to count down until its next beat; from the divisor down to 1.</summary>
    public int ReadTickCountdown()
    {
        control.Write(LatchChannel0);
        int low = channel0.Read();
        return low | (channel0.Read() << 8);
    }

    /// <summary>Lets channel 2 count down from 65535 once, silently.</summary>
    public void StartMeasurement()
    {
        gates.Write((byte)(gates.Read() & ~(Loudspeaker | Gate2)));
        control.Write(Channel2CountDownOnce);
        channel2.Write(0xFF);
        channel2.Write(0xFF);
        gates.Write((byte)(gates.Read() | Gate2));
    }

    /// <summary>The present count of channel 2.</summary>
    public int ReadMeasurement()
    {
        control.Write(LatchChannel2);
        int low = channel2.Read();
        return low | (channel2.Read() << 8);
    }
}
