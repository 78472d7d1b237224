using System;
using System.Collections.Generic;
using System.Text;
using HaukiOS.Console;
using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Net;
using HaukiOS.Tests.Unit.Lock;

namespace HaukiOS.Tests.Unit.Console;

/// <summary>
/// A machine for the console alone: a clock that moves when told, a disk in memory, a worker that runs its job when
/// told, and a person who types. The same seed gives the same conversation.
/// </summary>
public sealed class SimulatedMachine :
    IClock, ICalendar, ICycleCounter, IBackgroundWorker, IMachineControl, IMemoryGauge, IConsolePort
{
    private readonly Queue<byte> typed = new();
    private readonly List<byte> shown = [];
    private readonly Random random;
    private Action? job;
    private long nanoseconds;
    private ulong cycles;

    public SimulatedMachine(
        MemoryDisk? disk, int seed = 1, long memory = 12 << 20, bool entropyReady = true, INetworkDevice? card = null,
        ITeleporter? teleporter = null, bool standsBy = false, IWhereabouts? whereabouts = null)
    {
        random = new Random(seed);
        Disk = disk;
        Work = new HostWorkMemory(memory);
        Log = new KernelLog(this);
        Entropy = new EntropyPool(this);
        if (entropyReady)
        {
            GatherEntropy();
        }

        Loop = new EventLoop(this);
        Network = new NetworkService(this, Entropy, Log, card);
        Parts = new ConsoleParts(
            [this], this, this, disk, this, Work, Entropy, this, this, Log,
            new MachineDescription("0.1.0", "00ff", "a simulated processor", ["nothing: at all"]))
        {
            Network = Network,
            Teleporter = teleporter,
            StandsBy = standsBy,
            Whereabouts = whereabouts,
        };
        Session = new ConsoleSession(Parts);
        Session.Join(Loop);
        Network.Join(Loop);
    }

    public MemoryDisk? Disk { get; }

    public HostWorkMemory Work { get; }

    public KernelLog Log { get; }

    public EntropyPool Entropy { get; }

    public EventLoop Loop { get; }

    public ConsoleParts Parts { get; }

    public ConsoleSession Session { get; }

    public NetworkService Network { get; }

    /// <summary>Others on the same wire: they are told the moment, and say whether they did anything.</summary>
    public Func<Instant, bool>? Beside { get; set; }

    public NodeLock Node => Parts.Lock;

    public string? Fate { get; private set; }

    public bool RunsJobs { get; set; } = true;

    public Instant Now => new(nanoseconds);

    public long UnixSeconds => 1_767_225_600;

    public bool IsBusy => job is not null;

    /// <summary>Everything shown since the last <see cref="TakeOutput"/>.</summary>
    public string Output => Encoding.UTF8.GetString(shown.ToArray());

    public ulong Read() => cycles += (ulong)random.Next(1000, 5000);

    public void Start(Action work) => job = work;

    public void Reboot() => Fate = "reboot";

    public void PowerOff() => Fate = "poweroff";

    MemoryReading IMemoryGauge.Read() =>
        new(128 << 20, 64 << 20, 8 << 20, 64 << 20, 1 << 20, 5 << 20, 3, 1_500_000, 2_500_000);

    public bool TryRead(out byte value) => typed.TryDequeue(out value);

    public void Write(ReadOnlySpan<byte> bytes) => shown.AddRange(bytes);

    public void GatherEntropy()
    {
        while (!Entropy.IsReady)
        {
            Entropy.NoteInterrupt();
            Entropy.OnPending(Now);
        }
    }

    /// <summary>Lets the loop run until nothing is due, with time passing in beats.</summary>
    public void Run(double seconds = 0.2)
    {
        for (long end = nanoseconds + (long)(seconds * 1e9); nanoseconds < end;)
        {
            for (int i = 0; i < 100_000 && (Loop.RunOnce() | (Beside?.Invoke(Now) ?? false)); i++)
            {
            }

            nanoseconds += 10_000_000;
            if (RunsJobs && job is Action work)
            {
                job = null;
                work();
                nanoseconds += 1_500_000_000;
                end += 1_500_000_000;
            }
        }
    }

    /// <summary>Types without Enter and lets the machine react.</summary>
    public void Type(string text)
    {
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            typed.Enqueue(value);
        }

        Run();
    }

    /// <summary>Types a line and gives what was shown since, the echo included.</summary>
    public string Say(string line)
    {
        TakeOutput();
        Type(line + "\r");
        return TakeOutput();
    }

    public string TakeOutput()
    {
        string output = Output;
        shown.Clear();
        return output;
    }
}
