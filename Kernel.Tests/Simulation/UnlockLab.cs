using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using HaukiOS.Host.Unlock;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Store;
using HaukiOS.Swarm;
using HaukiOS.Tests.Unit.Console;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation;

/// <summary>
/// A whole node with its console, an operator's computer with the real client, and a wire between them that the test
/// can listen to and reach into. Time passes only when somebody waits.
/// </summary>
internal sealed partial class UnlockLab : IDisposable, IUnlockOperator
{
    public static readonly Dictionary<string, string> Answers = new()
    {
        ["Which lake froze first?"] = "Pyhäjärvi of the north",
        ["What was the boat's name?"] = "Silver Perch",
        ["Who mended the net?"] = "Great-aunt Helmi",
    };

    private static readonly Lazy<MemoryDisk> Enrolled = new(Enrol);

    private readonly string directory = Directory.CreateTempSubdirectory("hauki-unlock-").FullName;

    public UnlockLab(int seed, MemoryDisk? disk = null)
    {
        Disk = disk ?? EnrolledDisk();
        Machine = new SimulatedMachine(Disk, seed);
        Machine.Node.IsReachable = true;
        Machine.Run();
        Operator = OperatorKey.LoadOrMake(Path.Combine(directory, "operator-key"));
    }

    public MemoryDisk Disk { get; }

    public SimulatedMachine Machine { get; }

    public KeyPair Operator { get; set; }

    public string KnownFile => Path.Combine(directory, "config", "known-nodes");

    /// <summary>Everything that went over the wire, both ways.</summary>
    public List<byte> Wire { get; } = [];

    /// <summary>Changes what goes over the wire: to the node or not, bytes before in that direction, bytes.</summary>
    public Func<bool, int, byte[], byte[]> Reach { get; set; } = static (_, _, bytes) => bytes;

    /// <summary>Called whenever the client waits for the node.</summary>
    public Action? WhileWaiting { get; set; }

    /// <summary>What the operator was told.</summary>
    public List<string> Said { get; } = [];

    public Dictionary<string, string> Knows { get; set; } = Answers;

    public Fingerprint BootKey => Fingerprint.Of(Machine.Node.Boot.Key!.PublicKey);

    public LockKeeper Keeper => Machine.Node.Keeper!;

    public List<UnlockSession> Sessions { get; } = [];

    public List<LabStream> Streams { get; } = [];

    /// <summary>Bytes that the client has sent.</summary>
    public int Sent => Streams.Sum(stream => stream.Sent);

    public static MemoryDisk EnrolledDisk() => MemoryDisk.CopyOf(Enrolled.Value);

    public static MemoryDisk WithoutBootRecord()
    {
        MemoryDisk disk = MemoryDisk.CopyOf(Enrolled.Value);
        disk.Bytes.AsSpan((int)VolumeLayout.BootA.First * 512, 48 * 512).Clear();
        return disk;
    }

    /// <summary>Unlocks as the command does.</summary>
    public UnlockOutcome Unlock(Fingerprint? given = null)
    {
        var node = new NodeAddress("10.0.0.1", UnlockProtocol.Port);
        var unlocker = new Unlocker(node, KnownNodes.Load(KnownFile), Operator, this, Connect)
        {
            Now = Now, Given = given, FloodPatience = TimeSpan.FromSeconds(0.3),
        };
        return unlocker.Run();
    }

    /// <summary>Unlocks, and gives what went wrong.</summary>
    public UnlockException Fail(Fingerprint? given = null)
    {
        UnlockException? problem = Assert.Throws<UnlockException>(() => Unlock(given));
        return problem!;
    }

    private TimeSpan Now() => TimeSpan.FromMicroseconds(Machine.Now.Nanoseconds / 1000.0);

    public LabStream Connect()
    {
        var stream = new LabStream(this, NewSession());
        Streams.Add(stream);
        return stream;
    }

    public UnlockSession NewSession()
    {
        var session = new UnlockSession(Machine.Node, Machine.Entropy, "10.0.0.7", Machine.Now);
        Sessions.Add(session);
        return session;
    }

    /// <summary>Lets the node work for a moment.</summary>
    public void Turn(double seconds = 0.02)
    {
        WhileWaiting?.Invoke();
        Machine.Run(seconds);
        foreach (UnlockSession session in Sessions)
        {
            session.Step(Machine.Now);
            session.OnBeat(Machine.Now);
        }
    }

    /// <summary>The person at the console answers.</summary>
    public string AnswerAtConsole(Dictionary<string, string> answers)
    {
        for (int number = 1; number <= Answers.Count; number++)
        {
            string question = Challenge().Matches(Machine.Output).Last().Groups[1].Value;
            Machine.Type(answers.GetValueOrDefault(question, "certainly wrong") + "\r");
        }

        return Machine.Output;
    }

    public int Ask(int number, int count, Question question, SecretBytes answer) =>
        System.Text.Encoding.UTF8.GetBytes(Knows.GetValueOrDefault(question.Text, "certainly wrong"), answer.Span);

    public void Say(string line) => Said.Add(line);

    public void Progress(int thousandths)
    {
    }

    public void Wait(TimeSpan time) => Turn(time.TotalSeconds + 0.05);

    public void Dispose()
    {
        Operator.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static MemoryDisk Enrol()
    {
        var disk = new MemoryDisk(8);
        var machine = new SimulatedMachine(disk);
        machine.Run();
        foreach ((string question, string answer) in Answers)
        {
            machine.Type(question + "\r");
            machine.Type(answer + "\r");
        }

        machine.Type("\r");
        machine.Run(1);
        Assert.That(machine.Output, Does.Match("\r\nboot key: ([0-9A-Z]{4}-){7}[0-9A-Z]{4}\r\n"));
        machine.Say("put boat Perch");
        return disk;
    }

    [GeneratedRegex("challenge [0-9]+/[0-9]+: (.*?)\r\nanswer> ")]
    private static partial Regex Challenge();
}

/// <summary>The client's end of a connection to the simulated node.</summary>
internal sealed class LabStream(UnlockLab lab, UnlockSession session) : OperatorStream
{
    private const int TurnsMax = 2000;

    private readonly Queue<byte> arrived = new();
    private readonly List<byte> toNode = [];

    public int Sent { get; private set; }

    public int Received { get; private set; }

    public override void Write(byte[] buffer, int offset, int count)
    {
        byte[] bytes = lab.Reach(true, Sent, buffer[offset..(offset + count)]);
        Sent += count;
        lab.Wire.AddRange(bytes);
        toNode.AddRange(bytes);
        Carry();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        for (int turns = 0; arrived.Count == 0; turns++)
        {
            Carry();
            if (arrived.Count > 0)
            {
                break;
            }

            if (session.IsOver)
            {
                return 0;
            }

            if (turns > TurnsMax)
            {
                throw new IOException("the node says nothing");
            }

            lab.Turn();
        }

        int taken = Math.Min(count, arrived.Count);
        for (int i = 0; i < taken; i++)
        {
            buffer[offset + i] = arrived.Dequeue();
        }

        return taken;
    }

    protected override void Dispose(bool disposing)
    {
        // What the client said last still arrives, and then the end.
        Carry();
        session.FeedEnd(lab.Machine.Now);
        base.Dispose(disposing);
    }

    private void Carry()
    {
        int taken;
        do
        {
            session.Step(lab.Machine.Now);
            taken = session.Feed(toNode.ToArray(), lab.Machine.Now);
            toNode.RemoveRange(0, taken);
        }
        while (session.HasWork || taken > 0);

        byte[] bytes = lab.Reach(false, Received, session.Output.ToArray());
        Received += session.Output.Length;
        session.ConsumeOutput(session.Output.Length);
        lab.Wire.AddRange(bytes);
        foreach (byte value in bytes)
        {
            arrived.Enqueue(value);
        }
    }
}
