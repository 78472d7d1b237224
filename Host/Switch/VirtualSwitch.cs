using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using static System.FormattableString;

namespace HaukiOS.Host.Switch;

/// <summary>
/// An Ethernet switch in this process: ports, the <see cref="SwitchFabric"/> between them, the script of what goes
/// wrong, and the one thread that does the work. Everything that came in is switched before anything is sent, so
/// that a burst costs few calls of the system.
/// </summary>
public sealed class VirtualSwitch : IDisposable
{
    private const int SpareEntries = 1;

    private readonly System.Threading.Lock gate = new();
    private readonly SwitchFabric fabric;
    private readonly List<SwitchPort> ports = [];
    private readonly Libc.PollEntry[] entries = new Libc.PollEntry[SwitchFabric.PortsMax + SpareEntries];
    private readonly List<PcapWriter> captures = [];
    private readonly (Socket Ear, Socket Mouth) bell;
    private readonly byte[] one = new byte[64];
    private readonly DateTime startDate = DateTime.UtcNow;
    private readonly long start = Stopwatch.GetTimestamp();
    private FaultScript script = FaultScript.Empty;
    private TimeSpan scriptStart;
    private int nextStep;
    private Thread? thread;
    private Exception? failure;
    private int isRung;
    private volatile bool isStopping;

    /// <summary>A switch without ports, at rest.</summary>
    /// <param name="seed">All fates of frames follow from it.</param>
    public VirtualSwitch(ulong seed = 1)
    {
        fabric = new SwitchFabric(seed);
        Seed = seed;
        bell = SocketPair();
    }

    /// <summary>What all fates of frames follow from.</summary>
    public ulong Seed { get; }

    /// <summary>Since the switch was made.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(start);

    /// <summary>Adds a port, before the start.</summary>
    /// <returns>The port.</returns>
    public T Add<T>(T port)
        where T : SwitchPort
    {
        if (thread is not null)
        {
            throw new InvalidOperationException("Ports are added before the start.");
        }

        fabric.Add(port);
        ports.Add(port);
        (port as MemoryPort)?.WakeBy(Ring);
        return port;
    }

    /// <summary>Writes every frame that comes in to a file for tcpdump.</summary>
    public void CaptureAll(string path) => Locked(() => fabric.Capture = NewCapture(path));

    /// <summary>Writes what passes a port, both ways and with all faults, to a file for tcpdump.</summary>
    public void CaptureAt(SwitchPort port, string path) => Locked(() => port.Capture = NewCapture(path));

    /// <summary>Lets a script begin now. The one before is forgotten; what it did stays.</summary>
    /// <exception cref="UserErrorException">It speaks of a port that is not there.</exception>
    public void Play(FaultScript what)
    {
        Locked(() =>
        {
            what.Check(fabric);
            script = what;
            scriptStart = Now;
            nextStep = 0;
            PlayDue(Now);
        });
        Ring();
    }

    /// <summary>Does something with the fabric while no frame passes: reads counters, changes faults.</summary>
    public T Locked<T>(Func<SwitchFabric, T> act)
    {
        lock (gate)
        {
            return act(fabric);
        }
    }

    /// <summary>Starts to switch, on a thread of its own.</summary>
    public void Start()
    {
        thread = new Thread(Run) { IsBackground = true, Name = "switch" };
        thread.Start();
    }

    /// <summary>The counters of every port and of every wire that something happened on, a line for each.</summary>
    public string Statistics() => Locked(static fabric =>
    {
        var text = new StringBuilder();
        foreach (var port in fabric.Ports)
        {
            ref readonly var c = ref port.Counters;
            text.AppendLine(Invariant($"{port.Name}: in {c.Received} frames, {c.ReceivedBytes} bytes; ")
                + Invariant($"out {c.Sent} frames, {c.SentBytes} bytes; queue full {c.QueueFull}, ")
                + Invariant($"nobody there {c.NobodyThere}, malformed {c.Malformed}, connections {c.Connections}"));
        }

        foreach (var wire in fabric.Wires)
        {
            ref readonly var c = ref wire.Counters;
            if (c.Offered > 0)
            {
                text.AppendLine(Invariant($"{wire.From.Name}>{wire.To.Name}: {c.Offered} offered, ")
                    + Invariant($"{c.Delivered} delivered, {c.Lost} lost, ")
                    + Invariant($"{c.Parted} parted, {c.QueueFull} queue full, ")
                    + Invariant($"{c.Duplicated} duplicated, {c.Corrupted} corrupted, {c.HeldBack} held back"));
            }
        }

        return text.ToString();
    });

    /// <summary>Stops, closes every port, and ends the captures.</summary>
    public void Dispose()
    {
        isStopping = true;
        Ring();
        thread?.Join();
        ports.ForEach(static port => port.Dispose());
        captures.ForEach(static capture => capture.Dispose());
        bell.Ear.Dispose();
        bell.Mouth.Dispose();
    }

    /// <summary>Throws what ended the thread before its time, if something did.</summary>
    public void ThrowIfFailed()
    {
        if (Volatile.Read(ref failure) is { } problem)
        {
            throw new InvalidOperationException("The switch has stopped.", problem);
        }
    }

    private static (Socket Ear, Socket Mouth) SocketPair()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        // A name that starts with a zero byte lies in no file system; the kernel knows no two of them.
        var name = new UnixDomainSocketEndPoint($"\0hauki-switch-{Environment.ProcessId}-{Guid.NewGuid():N}");
        listener.Bind(name);
        listener.Listen(1);
        var mouth = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        mouth.Connect(name);
        var ear = listener.Accept();
        ear.Blocking = false;
        mouth.Blocking = false;
        return (ear, mouth);
    }

    private void Locked(Action act)
    {
        lock (gate)
        {
            act();
        }
    }

    private PcapWriter NewCapture(string path)
    {
        var capture = new PcapWriter(path, startDate);
        captures.Add(capture);
        return capture;
    }

    // One byte is enough to wake the thread, however many have rung.
    private void Ring()
    {
        if (Interlocked.Exchange(ref isRung, 1) == 0)
        {
            bell.Mouth.Send([1], SocketFlags.None, out _);
        }
    }

    private void Run()
    {
        try
        {
            while (!isStopping)
            {
                Wait();
                lock (gate)
                {
                    Turn();
                }
            }
        }
        catch (Exception problem)
        {
            // Shown to whoever asks: a thread of its own has nobody to throw to.
            Volatile.Write(ref failure, problem);
        }
    }

    private void Turn()
    {
        var now = Now;
        PlayDue(now);
        for (var i = 0; i < ports.Count; i++)
        {
            if (entries[i].Ready != 0 || ports[i].RetryAt <= now)
            {
                ports[i].OnReady(fabric, now);
            }
        }

        fabric.Advance(Now);
        foreach (var port in ports)
        {
            port.Flush();
        }
    }

    private unsafe void Wait()
    {
        var due = TimeSpan.MaxValue;
        lock (gate)
        {
            due = fabric.NextDue;
            if (nextStep < script.Steps.Count)
            {
                due = Earlier(due, scriptStart + script.Steps[nextStep].At);
            }

            for (var i = 0; i < ports.Count; i++)
            {
                due = Earlier(due, ports[i].RetryAt);
                entries[i] = new Libc.PollEntry { Handle = ports[i].PollHandle, Wanted = ports[i].PollWanted };
            }

            entries[ports.Count] = new Libc.PollEntry { Handle = (int)bell.Ear.Handle, Wanted = Libc.PollIn };
        }

        var wait = due == TimeSpan.MaxValue ? TimeSpan.FromSeconds(10) : due - Now;
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
        var patience = new Libc.TimeSpec
        {
            Seconds = wait.Ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = wait.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
        fixed (Libc.PollEntry* first = entries)
        {
            var ready = Libc.Poll(first, (nuint)ports.Count + SpareEntries, &patience, null);
            if (ready < 0 && Marshal.GetLastPInvokeError() != Libc.Interrupted)
            {
                throw new InvalidOperationException($"The switch cannot wait: {Libc.LastError()}.");
            }
        }

        if (entries[ports.Count].Ready != 0)
        {
            bell.Ear.Receive(one, SocketFlags.None, out _);
            Interlocked.Exchange(ref isRung, 0);
        }
    }

    private void PlayDue(TimeSpan now)
    {
        while (nextStep < script.Steps.Count && scriptStart + script.Steps[nextStep].At <= now)
        {
            script.Steps[nextStep++].Apply(fabric);
        }
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
