using System;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Net;
using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Swarm;

/// <summary>The messages by which a node is moved from afar: what is written is read, and nothing else is.</summary>
[TestFixture]
public sealed class ControlMessageTests
{
    [TestCase(ControlRequestKind.Watch)]
    [TestCase(ControlRequestKind.Cancel)]
    public void A_plain_request_is_read_as_it_was_written(ControlRequestKind kind)
    {
        Assert.That(ControlRequest.TryDecode(Encode(new ControlRequest { Kind = kind }), out ControlRequest? read));
        Assert.That((read!.Kind, read.Order), Is.EqualTo((kind, (MoveOrder?)null)));
    }

    [TestCase(null)]
    [TestCase("0123-4567-89AB-CDEF")]
    public void An_order_is_read_as_it_was_written(string? code)
    {
        var order = new MoveOrder(Ipv4Address.Of(192, 168, 1, 9), code) { DowntimeMs = 60_000 };
        byte[] message = Encode(new ControlRequest { Kind = ControlRequestKind.Migrate, Order = order });
        Assert.That(ControlRequest.TryDecode(message, out ControlRequest? read));
        Assert.That(read!.Order, Is.EqualTo(order));
    }

    [Test]
    public void A_report_is_read_as_it_was_written()
    {
        MoveStatus status = Status();
        Assert.That(ControlReply.TryDecode(Encode(new ControlReply { Status = status }), out ControlReply? read));
        Assert.That((read!.Status, read.Refusal), Is.EqualTo((status, (string?)null)));
    }

    [Test]
    public void A_refusal_is_read_as_it_was_written_and_a_long_one_is_cut()
    {
        byte[] refusal = Encode(new ControlReply { Refusal = "nein, später" });
        Assert.That(ControlReply.TryDecode(refusal, out ControlReply? read));
        Assert.That(read!.Refusal, Is.EqualTo("nein, später"));
        Assert.That(ControlReply.TryDecode(Encode(new ControlReply { Refusal = new string('ä', 300) }), out read));
        Assert.That(read!.Refusal, Is.EqualTo(new string('ä', 100)));
    }

    [Test]
    public void What_was_changed_is_refused_or_means_what_it_says([Range(1, 3)] int seed)
    {
        var random = new Random(seed);
        byte[] request = Encode(new ControlRequest
        {
            Kind = ControlRequestKind.Migrate, Order = new MoveOrder(Ipv4Address.Of(10, 0, 0, 1), "code"),
        });
        byte[] reply = Encode(new ControlReply { Status = Status() });
        for (int i = 0; i < 20_000; i++)
        {
            byte[] message = Mutate(request, random);
            if (ControlRequest.TryDecode(message, out ControlRequest? read))
            {
                Assert.That(Encode(read!), Is.EqualTo(message), $"seed {seed}, request {i}");
            }

            message = Mutate(reply, random);
            if (ControlReply.TryDecode(message, out ControlReply? said))
            {
                Assert.That(Encode(said!), Is.EqualTo(message), $"seed {seed}, reply {i}");
            }
        }
    }

    private static MoveStatus Status() => new()
    {
        Phase = MovePhase.Failed,
        Round = 3,
        PagesLeft = 1234,
        PagesSent = 1L << 40,
        BytesSent = 1L << 41,
        SectorsSent = 1L << 42,
        BytesPerSecond = 12_000_000,
        DirtyPagesPerSecond = 300,
        EstimatedDowntimeMs = 17,
        WorkerShare = 100,
        DowntimeMicroseconds = 12_345,
        TotalMs = 4_000,
        Problem = Encoding.UTF8.GetString("the wire is dead, für immer"u8),
    };

    private static byte[] Encode(ControlRequest request)
    {
        byte[] room = new byte[ControlProtocol.RequestPadded];
        return room[..request.Encode(room)];
    }

    private static byte[] Encode(ControlReply reply)
    {
        byte[] room = new byte[ControlProtocol.ReplyPadded];
        return room[..reply.Encode(room)];
    }

    private static byte[] Mutate(byte[] sound, Random random)
    {
        byte[] message = random.Next(4) == 0 ? sound[..random.Next(sound.Length + 1)] : (byte[])sound.Clone();
        for (int changes = random.Next(4); changes > 0 && message.Length > 0; changes--)
        {
            message[random.Next(message.Length)] = (byte)random.Next(256);
        }

        return message;
    }
}
