using HaukiOS.Drivers.Time;
using HaukiOS.Entropy;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>
/// Time of a test, in units of the interval timer, with a timer, an interrupt controller and a counter over it.
/// </summary>
public sealed class SimulatedTimer : ICycleCounter
{
    private readonly Channel first = new();
    private readonly Channel second = new();
    private bool latchedHigh;
    private int latch;

    /// <summary>Units since power-on.</summary>
    public long Units { get; private set; }

    /// <summary>Processor cycles in one unit; 0 for a counter that stands still.</summary>
    public ulong CyclesPerUnit { get; set; } = 2000;

    /// <summary>Units that pass with every access to a port.</summary>
    public int UnitsPerAccess { get; set; } = 1;

    /// <summary>Does a beat wait to be served?</summary>
    public bool Requested { get; private set; }

    /// <summary>Ports with this timer and its interrupt controller behind them.</summary>
    public SimulatedPorts Ports()
    {
        SimulatedPorts ports = new();
        ports.Add(0x40, 4, new TimerPorts(this));
        ports.Add(0x61, 1, new Gate());
        ports.Add(0x20, 1, new Controller(this));
        return ports;
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(long units)
    {
        long before = first.Beats(Units);
        Units += units;
        Requested |= first.Beats(Units) != before;
    }

    /// <summary>The processor takes the interrupt.</summary>
    public void Serve(PitClock clock)
    {
        if (Requested)
        {
            Requested = false;
            clock.OnInterrupt();
        }
    }

    /// <inheritdoc/>
    public ulong Read() => (ulong)Units * CyclesPerUnit;

    private sealed class Channel
    {
        private long start;
        private int written;
        private bool periodic;

        public int Divisor { get; private set; }

        public void Program(bool isPeriodic)
        {
            periodic = isPeriodic;
            written = 0;
            Divisor = 0;
        }

        public void WriteByte(byte value, long now)
        {
            Divisor |= value << (8 * written++);
            start = now;
        }

        public long Beats(long now) => written == 2 && periodic ? (now - start) / Divisor : 0;

        public int Count(long now)
        {
            long passed = now - start;
            return (int)(periodic ? Divisor - (passed % Divisor) : (Divisor - passed) & 0xFFFF);
        }
    }

    private sealed class TimerPorts(SimulatedTimer timer) : ISimulatedDevice
    {
        public uint Read(int offset, int width)
        {
            timer.Advance(timer.UnitsPerAccess);
            timer.latchedHigh = !timer.latchedHigh;
            return timer.latchedHigh ? (byte)timer.latch : (byte)(timer.latch >> 8);
        }

        public void Write(int offset, int width, uint value)
        {
            timer.Advance(timer.UnitsPerAccess);
            Channel channel = offset == 3 ? (value >> 6 == 0 ? timer.first : timer.second)
                : offset == 0 ? timer.first : timer.second;
            if (offset != 3)
            {
                channel.WriteByte((byte)value, timer.Units);
            }
            else if ((value & 0x30) == 0)
            {
                timer.latch = channel.Count(timer.Units);
                timer.latchedHigh = false;
            }
            else
            {
                channel.Program(isPeriodic: (value & 0x0E) == 0x04);
            }
        }
    }

    private sealed class Gate : ISimulatedDevice
    {
        private uint value;

        public uint Read(int offset, int width) => value;

        public void Write(int offset, int width, uint newValue) => value = newValue;
    }

    private sealed class Controller(SimulatedTimer timer) : ISimulatedDevice
    {
        public uint Read(int offset, int width) => timer.Requested ? 1u : 0u;

        public void Write(int offset, int width, uint value)
        {
        }
    }
}
