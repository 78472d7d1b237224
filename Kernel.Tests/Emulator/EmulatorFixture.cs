using System;
using System.Collections.Generic;
using System.IO;
using HaukiOS.Host;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>
/// What all tests on the real CD share: an operator, a disk with the operator's store that is made once, and a
/// scratch directory for each test. One machine runs at a time; every wait has a deadline and nothing sleeps.
/// </summary>
[Category("Emulator")]
[NonParallelizable]
public abstract class EmulatorFixture
{
    /// <summary>Long enough for anything but a key derivation, on a busy host.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The operator's questions, and the answers as first given.</summary>
    protected static readonly Dictionary<string, string> Answers = new()
    {
        ["Which lake froze first?"] = "Pyhäjärvi of the north",
        ["What was the boat's name?"] = "Silver Perch",
        ["Who mended the net?"] = "Great-aunt Helmi",
    };

    private static readonly Lazy<(string Disk, string RecoveryKey)> Enrolled = new(Enrol);
    private static readonly ScratchDirectory Shared = new();

    private ScratchDirectory? scratch;

    /// <summary>The CD under test.</summary>
    protected static string Iso { get; } = Layout.Find().Iso;

    /// <summary>What the enrolment of the shared disk printed.</summary>
    protected static string RecoveryKey => Enrolled.Value.RecoveryKey;

    /// <summary>The tree of the project.</summary>
    protected static Layout Tree { get; } = Layout.Find();

    /// <summary>The plain machine: a Pentium 4 of 2001 with 128 MiB and the CD in it.</summary>
    protected static MachineOptions Pc => new() { Iso = Iso };

    /// <summary>A fresh directory, and proof that there is something to test.</summary>
    [SetUp]
    public void MakeScratch()
    {
        Assert.That(File.Exists(Iso), $"There is no {Iso}; build it with: make iso");
        scratch = new ScratchDirectory();
    }

    /// <summary>Removes what the test left.</summary>
    [TearDown]
    public void RemoveScratch() => scratch?.Dispose();

    /// <summary>Passes the tests over if there can be no Linux beside the machines; says what is missing.</summary>
    protected static void RequireLinux(params string[] programs)
    {
        if ((NetworkNamespace.WhyNot() ?? MissingTool.Sentence(programs)) is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    /// <summary>Removes the shared disk when the last test of the run has ended.</summary>
    internal static void RemoveShared() => Shared.Dispose();

    /// <summary>A path in the test's own directory.</summary>
    protected string Scratch(string name) => scratch!.File(name);

    /// <summary>An empty disk of the test's own.</summary>
    protected string EmptyDisk(int mebibytes = 64)
    {
        var file = Scratch("empty.img");
        DiskImage.Create(file, mebibytes);
        return file;
    }

    /// <summary>A copy, the test's own, of the disk with the operator's store.</summary>
    protected string EnrolledDisk()
    {
        var file = Scratch("enrolled.img");
        CopyEnrolled(file);
        return file;
    }

    /// <summary>Makes another copy of it.</summary>
    protected static void CopyEnrolled(string file) => File.Copy(Enrolled.Value.Disk, file);

    /// <summary>The plain machine with a disk.</summary>
    protected static MachineOptions PcWith(string disk) => Pc with { Disk = new RawDisk(disk) };

    /// <summary>Boots, opens the store, does something at the prompt and pulls the plug.</summary>
    protected static void WithOpenStore(MachineOptions options, Action<QemuMachine, ConsoleDriver> act)
    {
        using var machine = QemuMachine.Start(options);
        var console = new ConsoleDriver(machine.Serial);
        console.Unlock(Answers);
        act(machine, console);
    }

    /// <summary>The value of a name, as <c>get</c> prints it.</summary>
    protected static string Get(ConsoleDriver console, string name) => console.Command($"get {name}").TrimEnd('\n');

    /// <summary>Waits until a machine stands by.</summary>
    /// <returns>The pairing code that it shows.</returns>
    protected static string AwaitPairingCode(QemuMachine machine)
    {
        if (machine.Serial.ExpectAny(["gathering randomness: ", "pairing code: "], Patience).Index == 0)
        {
            ConsoleDriver.GiveRandomness(machine.Serial);
            machine.Serial.Expect("pairing code: ", Patience);
        }

        string code = machine.Serial.ExpectLineEnd(Patience).Trim();
        machine.Serial.Expect("hauki (standby)> ", Patience);
        return code;
    }

    private static (string Disk, string RecoveryKey) Enrol()
    {
        var disk = Shared.File("operator.img");
        DiskImage.Create(disk, 64);

        string key;
        using (var machine = QemuMachine.Start(PcWith(disk) with { MemoryMiB = 48 }))
        {
            var console = new ConsoleDriver(machine.Serial);
            key = console.Enrol([.. Answers]);
            console.Command("put harbour Rauma");
        }

        // Dozens of tests pay for each opening. The full price is paid where a disk is enrolled in the test itself.
        CheapLock.Apply(disk, key, Answers);
        return (disk, key);
    }
}

/// <summary>Ends what the emulator tests share.</summary>
[SetUpFixture]
public sealed class EmulatorTeardown
{
    /// <summary>After the last test of this namespace.</summary>
    [OneTimeTearDown]
    public void RemoveShared() => EmulatorFixture.RemoveShared();
}
