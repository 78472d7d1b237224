using System;
using System.Linq;
using HaukiOS.Host;
using HaukiOS.Host.Switch;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host.Switch;

/// <summary>Scripts of what goes wrong: what they do, and what is said about those that are wrong themselves.</summary>
public sealed class FaultScriptTests
{
    /// <summary>Every fault by its word.</summary>
    [Test]
    public void Every_fault_has_its_word() => Assert.That(
        FaultScript.ParseFaults("loss 5% duplicate 1% corrupt 0.5% reorder 10% 2ms delay 1.5s jitter 500us "
            + "rate 2.5Mbit queue 20"),
        Is.EqualTo(new LinkFaults
        {
            Loss = 0.05,
            Duplication = 0.01,
            Corruption = 0.005,
            Reordering = 0.1,
            ReorderBy = TimeSpan.FromMilliseconds(2),
            Delay = TimeSpan.FromSeconds(1.5),
            Jitter = TimeSpan.FromMicroseconds(500),
            BitsPerSecond = 2_500_000,
            Queue = 20,
        }));

    /// <summary>Each line reaches its wires, at its moment.</summary>
    [Test]
    public void Lines_act_on_their_wires_in_time()
    {
        var fabric = ThreePorts();
        var script = FaultScript.Parse("""
            # a comment, and an empty line

            0s loss 5%                # everywhere
            1s a>b delay 20ms
            2.5s b<>c rate 64kbit
            3s *>a none
            4s partition a,b | c
            5s heal
            6s partition a|b|c
            7s clear
            """);
        Assert.That(script.Steps.Select(static step => step.At.TotalSeconds),
            Is.EqualTo(new[] { 0, 1, 2.5, 3, 4, 5, 6, 7 }));
        string[] after =
        [
            "ab5 ac5 ba5 bc5 ca5 cb5",
            "ab0d ac5 ba5 bc5 ca5 cb5",
            "ab0d ac5 ba5 bc0r ca5 cb0r",
            "ab0d ac5 ba0 bc0r ca0 cb0r",
            "ab0d ac5/ ba0 bc0r/ ca0/ cb0r/",
            "ab0d ac5 ba0 bc0r ca0 cb0r",
            "ab0d/ ac5/ ba0/ bc0r/ ca0/ cb0r/",
            "ab0 ac0 ba0 bc0 ca0 cb0",
        ];
        for (var i = 0; i < after.Length; i++)
        {
            script.Steps[i].Apply(fabric);
            Assert.That(string.Join(' ', fabric.Wires.Select(Describe)), Is.EqualTo(after[i]), $"step {i}");
        }
    }

    /// <summary>Every error names its line and what is wrong with it.</summary>
    [TestCase("0s", "There is only a moment")]
    [TestCase("0s loss", "'loss' is short of a figure")]
    [TestCase("0s loss 5", "'5' is not a percentage")]
    [TestCase("0s loss 101%", "more than 100 %")]
    [TestCase("0s loss -1%", "not a percentage")]
    [TestCase("0s loss %", "not a percentage")]
    [TestCase("soon loss 5%", "'soon' is not a time")]
    [TestCase("0s delay 20", "'20' is not a time")]
    [TestCase("0s delay 61s", "longer than 60 s")]
    [TestCase("99999999999s delay 1s", "more than a year")]
    [TestCase("0s dealy 20ms", "'dealy' is no fault")]
    [TestCase("0s rate 5", "is not a rate")]
    [TestCase("0s rate 0Mbit", "is not a rate")]
    [TestCase("0s queue 0", "from 1 to 4096")]
    [TestCase("0s reorder 5%", "'reorder' is short of a figure")]
    [TestCase("0s a>b", "what shall happen on that wire")]
    [TestCase("0s a>b>c loss 1%", "no name of a port")]
    [TestCase("0s >b loss 1%", "no name of a port")]
    [TestCase("0s heal now", "'heal' stands alone")]
    [TestCase("0s partition a,b", "two groups or more")]
    [TestCase("0s partition a,b|b", "'b' cannot be in two groups")]
    [TestCase("0s partition a|*", "'*' cannot be in two groups")]
    [TestCase("0s partition a||b", "'' is no name")]
    public void An_error_names_line_and_reason(string line, string reason) => Assert.That(
        () => FaultScript.Parse("# first\n0s clear\n" + line),
        Throws.TypeOf<UserErrorException>().With.Message.Contains("Line 3").And.Message.Contains(reason));

    /// <summary>Time does not run backwards.</summary>
    [Test]
    public void Lines_are_in_the_order_of_time() => Assert.That(
        () => FaultScript.Parse("5s heal\n4s heal"),
        Throws.TypeOf<UserErrorException>().With.Message.Contains("'4s' is earlier"));

    /// <summary>A script is held against the switch before anything of it happens.</summary>
    [TestCase("9s a>x loss 1%")]
    [TestCase("9s partition a|x")]
    public void An_unknown_port_is_found_at_once(string line)
    {
        using var made = new VirtualSwitch();
        made.Add(new MemoryPort("a"));
        Assert.That(
            () => made.Play(FaultScript.Parse(line)),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("no port 'x'"));
    }

    private static SwitchFabric ThreePorts()
    {
        var fabric = new SwitchFabric(1);
        foreach (var name in (string[])["a", "b", "c"])
        {
            fabric.Add(new MemoryPort(name));
        }

        return fabric;
    }

    private static string Describe(Wire wire) =>
        $"{wire.From.Name}{wire.To.Name}{wire.Faults.Loss * 100:0}"
        + (wire.Faults.Delay > TimeSpan.Zero ? "d" : "")
        + (wire.Faults.BitsPerSecond > 0 ? "r" : "")
        + (wire.IsParted ? "/" : "");
}
