using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host;

/// <summary>Waiting for text on a serial line, and the console's contract as a script sees it.</summary>
public sealed class SerialLineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private ScratchDirectory scratch = null!;
    private Socket guest = null!;
    private SerialLine line = null!;

    /// <summary>A line with this test as the guest at its other end.</summary>
    [SetUp]
    public void Connect()
    {
        scratch = new ScratchDirectory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(scratch.File("line")));
        listener.Listen(1);
        guest = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        guest.Connect(new UnixDomainSocketEndPoint(scratch.File("line")));
        line = new SerialLine(listener.Accept());
    }

    /// <summary>Hangs up.</summary>
    [TearDown]
    public void HangUp()
    {
        line.Dispose();
        guest.Dispose();
        scratch.Dispose();
    }

    /// <summary>A text that arrives in pieces is found, and what stood before it is given.</summary>
    [Test]
    public void A_text_cut_in_two_is_found()
    {
        Say("noise hau");
        new Thread(() => Say("ki> rest")).Start();
        Assert.That(line.Expect("hauki> ", Patience), Is.EqualTo("noise "));
        Assert.That(line.Expect("rest", Patience), Is.Empty);
    }

    /// <summary>Of several texts the one that comes first counts, not the one named first.</summary>
    [Test]
    public void The_first_to_come_wins()
    {
        Say("b then a");
        Assert.That(line.ExpectAny(["a", "b"], Patience).Index, Is.EqualTo(1));
    }

    /// <summary>A wait that fails shows everything that was said.</summary>
    [Test]
    public void A_failed_wait_shows_the_transcript()
    {
        Say("panic: the roof is on fire");
        line.Expect("panic", Patience);
        Assert.That(
            () => line.Expect("hauki> ", Short),
            Throws.TypeOf<EmulatorException>().With.Message.Contains("the roof is on fire"));
    }

    /// <summary>A machine that is gone ends the wait at once.</summary>
    [Test]
    public void A_closed_line_ends_the_wait()
    {
        Say("bye");
        guest.Dispose();
        Assert.That(
            () => line.Expect("hauki> ", TimeSpan.FromHours(1)),
            Throws.TypeOf<EmulatorException>().With.Message.Contains("ended"));
        Assert.That(line.ExpectEnd(Patience), Is.EqualTo("bye"));
    }

    /// <summary>
    /// Challenges are answered by what they ask, not by their place; a prompt in a value is no prompt.
    /// </summary>
    [Test]
    public void The_driver_answers_what_it_is_asked()
    {
        var console = new ConsoleDriver(line) { Patience = Patience, Fidgets = false };
        Say("challenge 1/2: B?\r\nanswer> challenge 2/2: A?\r\nanswer> unlocked\r\nhauki> ");
        console.Unlock(new Dictionary<string, string> { ["A?"] = "ay", ["B?"] = "be" });
        Assert.That(Hear(6), Is.EqualTo("be\ray\r"));
        Say("get x\r\nmy hauki> value\r\nhauki> ");
        Assert.That(console.Command("get x"), Is.EqualTo("my hauki> value\n"));
    }

    /// <summary>A refusal is handed over whole.</summary>
    [Test]
    public void The_driver_reports_a_refusal()
    {
        Say("challenge 1/1: A?\r\nanswer> *\r\nlocked: wait 2 s\r\n");
        var opened = new ConsoleDriver(line).TryUnlock(new Dictionary<string, string>(), out var refusal);
        Assert.That((opened, refusal), Is.EqualTo((false, "locked: wait 2 s")));
    }

    private void Say(string text) => guest.Send(Encoding.UTF8.GetBytes(text));

    private string Hear(int count)
    {
        var buffer = new byte[count];
        var got = 0;
        while (got < count)
        {
            got += guest.Receive(buffer.AsSpan(got));
        }

        return Encoding.UTF8.GetString(buffer);
    }
}
