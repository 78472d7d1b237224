using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>The real CD, the real command, and a wire between them.</summary>
public sealed class NetworkUnlockTests : EmulatorFixture
{
    /// <summary>From an unknown node to an open store, with every way to be refused between.</summary>
    [Test]
    public void The_command_pins_refuses_and_unlocks([Values(NetworkCard.Rtl8139, NetworkCard.Ne2000Pci)] string model)
    {
        var person = new RemoteOperator(Scratch(string.Empty));
        var trace = Scratch("wire.pcap");
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()) with
        {
            Card = person.Card(model),
            Extra = ["-object", $"filter-dump,id=trace,netdev=wire,file={trace}"],
        });
        var console = new ConsoleDriver(machine.Serial);
        var fingerprint = RemoteOperator.ReadFingerprint(machine);

        var (code, said) = person.Unlock(Answers.Values);
        Assert.That(code, Is.EqualTo(2), said);
        Assert.That(said, Does.Contain(fingerprint).And.Contain("is not known"));
        var other = (fingerprint[0] == 'A' ? "B" : "A") + fingerprint[1..];
        (code, said) = person.Unlock(Answers.Values, "--fingerprint", other);
        Assert.That(code, Is.EqualTo(5), said);
        (code, said) = person.Unlock(["wrong", "answers", "only"], "--fingerprint", fingerprint);
        Assert.That(code, Is.EqualTo(1), said);
        Assert.That(said, Does.Contain("refused: the next attempt is possible in "));
        (code, said) = person.Unlock(Answers.Values);
        Assert.That(code, Is.Zero, said);
        Assert.That(said, Does.Contain("unlocked").And.Contain("1 over the network"));

        machine.Serial.Expect("unlocked over the network from 10.0.2.2", Patience);
        machine.Serial.Expect(ConsoleDriver.Prompt, Patience);
        Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
        (code, said) = person.Unlock([]);
        Assert.That(code, Is.Zero, said);
        Assert.That(said, Does.Contain("the store is open already"));
        machine.Kill();
        AssertNotOnTheWire(File.ReadAllBytes(trace));
    }

    /// <summary>A node that was enrolled anew, or somebody who poses as it.</summary>
    [Test]
    public void A_changed_boot_key_is_refused_with_both_fingerprints()
    {
        var person = new RemoteOperator(Scratch(string.Empty));
        using var machine = QemuMachine.Start(person.Reachable(PcWith(EnrolledDisk()), Tree.Kernel));
        var fingerprint = RemoteOperator.ReadFingerprint(machine);
        var old = string.Join('-', Enumerable.Repeat("0000", 8));
        File.WriteAllText(person.KnownNodes, $"127.0.0.1:{person.Port} {old}\n");
        var (code, said) = person.Unlock(Answers.Values, "--fingerprint", fingerprint);
        Assert.That(code, Is.EqualTo(5), said);
        Assert.That(said, Does.Contain("HAS CHANGED").And.Contain(old).And.Contain(fingerprint));
        Assert.That(machine.Serial.Transcript, Does.Not.Contain("unlocked"));
    }

    /// <summary>
    /// Hundreds of connections a second, silent ones and ones that send anything: the console answers, the memory stays
    /// as it is, and the operator gets in.
    /// </summary>
    [Test]
    public void A_flood_of_connections_leaves_console_memory_and_operator_alone()
    {
        var person = new RemoteOperator(Scratch(string.Empty));
        using var machine = QemuMachine.Start(person.Reachable(PcWith(EnrolledDisk()), Tree.Kernel));
        var console = new ConsoleDriver(machine.Serial);
        var fingerprint = RemoteOperator.ReadFingerprint(machine);
        using var stop = new CancellationTokenSource();
        var flood = Task.Run(() => Flood(person.Port, stop.Token));
        try
        {
            // The console, meanwhile: the prompt of the first challenge stands already.
            for (var number = 2; number <= Answers.Count; number++)
            {
                machine.Serial.Send("certainly wrong\r");
                machine.Serial.Expect($"challenge {number}/", Patience);
                machine.Serial.Expect("answer> ", Patience);
            }

            machine.Serial.Send("certainly wrong\r");
            machine.Serial.Expect("locked: the next attempt is possible in 1 s", Patience);
            var (code, said) = person.Unlock(Answers.Values, "--fingerprint", fingerprint);
            Assert.That(code, Is.Zero, said);
            machine.Serial.Expect(ConsoleDriver.Prompt, Patience);
            var before = LiveKib(console);
            var asked = Stopwatch.GetTimestamp();
            for (var i = 0; i < 20; i++)
            {
                Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
            }

            TestContext.Out.WriteLine(
                $"20 gets in {Stopwatch.GetElapsedTime(asked).TotalSeconds:0.00} s, {before} and "
                + $"{LiveKib(console)} KiB live");
            Assert.That(LiveKib(console) - before, Is.LessThan(512));
        }
        finally
        {
            stop.Cancel();
            TestContext.Out.WriteLine($"{flood.Result} connections");
        }
    }

    private static int LiveKib(ConsoleDriver console)
    {
        // Garbage enough for a collection, after which the live size is fresh.
        console.Command("soak alloc 64");
        var lines = console.Command("mem").Split('\n');
        var heap = lines.First(line => line.StartsWith("heap: ", StringComparison.Ordinal));
        return int.Parse(heap.Split(", ")[1].Split(' ')[0]);
    }

    private static int Flood(int port, CancellationToken stop)
    {
        const int openMax = 40;
        var random = new Random(1);
        var open = new Queue<Socket>();
        var count = 0;
        var junk = new byte[200];
        while (!stop.IsCancellationRequested)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                random.NextBytes(junk);
                "HKC1"u8.CopyTo(junk);
                (junk[4], junk[5]) = (0, 32);
                socket.Send(junk.AsSpan(0, random.Next(junk.Length)));
                count++;
            }
            catch (SocketException)
            {
                // Broken off already, which is what a flood has coming.
            }

            open.Enqueue(socket);
            if (open.Count > openMax)
            {
                open.Dequeue().Dispose();
            }

            // Some hundred a second: both processors are needed for the machine itself, too.
            stop.WaitHandle.WaitOne(5);
        }

        foreach (var socket in open)
        {
            socket.Dispose();
        }

        return count;
    }

    private static void AssertNotOnTheWire(byte[] trace)
    {
        Assert.That(trace, Has.Length.GreaterThan(20_000), "the whole conversation was recorded");
        foreach (var (question, answer) in Answers)
        {
            foreach (var text in (string[])[question, answer, answer.ToLowerInvariant(), answer[..7]])
            {
                Assert.That(trace.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)), Is.Negative, text);
            }
        }
    }
}
