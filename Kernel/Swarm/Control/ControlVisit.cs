using System;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Swarm;

/// <summary>One conversation of the <see cref="ControlService"/>.</summary>
internal sealed class ControlVisit : VisitLine
{
    // While the node stands still, nobody acknowledges anything.
    private const int UserTimeoutMilliseconds = 60_000;

    private readonly ControlService service;
    private Instant nextReport;
    private Instant lastReport;
    private int reported = -1;
    private bool isWatching;
    private bool isEnding;

    public ControlVisit(ControlService service, TcpConnection connection, Instant now)
        : base(connection, service.Work)
    {
        this.service = service;
        connection.UserTimeoutMilliseconds = UserTimeoutMilliseconds;
        Channel = new SecureChannel(
            new ChannelSettings(ControlProtocol.Noise, false, ControlProtocol.Purpose, service.Random)
            {
                Static = service.Node.Boot.Key,
                MessageMax = ControlProtocol.MessageMax,
                HandshakeMilliseconds = ControlProtocol.HandshakeMilliseconds,
            },
            now);
        Deadline = Channel.Deadline;
    }

    /// <inheritdoc/>
    public override void OnBeat(Instant now)
    {
        if (isWatching && !isEnding && Channel!.Output.IsEmpty)
        {
            int version = service.Teleporter.Version;
            bool isNew = version != reported && now >= nextReport;
            if (isNew || now >= lastReport.AddMilliseconds(ControlProtocol.SilenceMilliseconds))
            {
                Report(version, now);
            }
        }

        base.OnBeat(now);
    }

    protected override bool Prepare(Instant now) => false;

    protected override void OnOpen(Instant now)
    {
        Await(now);
        IsProved = TrustedOperators.Knows(service.Node, Channel!.RemoteStatic);
        if (!IsProved)
        {
            service.Log.Add($"control: a stranger from {Connection.Remote.Address} was turned away");
            Refuse("the node takes orders only from those who have unlocked it over the network");
            Leave(now);
        }
    }

    protected override void OnMessage(ReadOnlySpan<byte> message, Instant now)
    {
        // A request that was under way when its sender was turned away.
        if (isEnding)
        {
            return;
        }

        if (!ControlRequest.TryDecode(message, out ControlRequest? request))
        {
            End(now, true);
            return;
        }

        // Whoever was trusted when they came may have been forgotten since, or the store opened.
        if (!TrustedOperators.Knows(service.Node, Channel!.RemoteStatic))
        {
            Refuse("the node does not trust this operator any more");
            Leave(now);
            return;
        }

        string? refusal = Do(request!, now);
        if (refusal is null)
        {
            isWatching = true;
            Deadline = null;
            Report(service.Teleporter.Version, now);
            return;
        }

        Refuse(refusal);
        if (!isWatching)
        {
            Await(now);
        }
    }

    protected override void OnEnd(Instant now) => End(now, Channel is not { State: ChannelState.Closed } && !isEnding);

    private string? Do(ControlRequest request, Instant now)
    {
        string who = Connection.Remote.Address.ToString();
        switch (request.Kind)
        {
            case ControlRequestKind.Migrate:
                service.Log.Add($"control: {who} wants the node moved to {request.Order!.Target}");
                return service.Teleporter.Begin(request.Order, now);
            case ControlRequestKind.Cancel:
                service.Log.Add($"control: {who} gives the move up");
                service.Teleporter.Cancel();
                return null;
            default:
                return null;
        }
    }

    private void Await(Instant now) => Deadline = now.AddMilliseconds(ControlProtocol.RequestMilliseconds);

    private void Leave(Instant now)
    {
        isEnding = true;
        Channel!.Close();
        Await(now);
    }

    private void Refuse(string why) => Send(new ControlReply { Refusal = why });

    private void Report(int version, Instant now)
    {
        reported = version;
        lastReport = now;
        nextReport = now.AddMilliseconds(ControlProtocol.ReportMilliseconds);
        Send(new ControlReply { Status = service.Teleporter.Status });
    }

    private void Send(ControlReply reply)
    {
        Span<byte> message = stackalloc byte[ControlProtocol.ReplyPadded];
        int length = reply.Encode(message);

        // If there is no room, the operator does not read; the next report tells all.
        Channel!.TrySend(message[..length], ControlProtocol.ReplyPadded);
        CryptographicOperations.ZeroMemory(message);
    }
}
