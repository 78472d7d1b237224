using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>Two ends that talk, and what must be true of them afterwards.</summary>
internal sealed class Conversation(Talker caller, TalkPlan answerPlan)
{
    public Talker Caller { get; } = caller;

    public TalkPlan AnswerPlan { get; } = answerPlan;

    /// <summary>The accepted end; null until it was accepted.</summary>
    public Talker? Callee { get; set; }

    public long Progress => Caller.Received + (Callee?.Received ?? 0);

    public bool IsOver => Caller.IsOver && (Callee is null ? Caller.Error != SocketError.None || Caller.BrokeOff
        : Callee.IsOver);

    /// <summary>
    /// Everything said was heard, or both know that it was not. A connection that nobody broke off over a wire that
    /// lives must have ended well.
    /// </summary>
    public void Check(NetLab lab, bool mayFail)
    {
        string both = $"{Caller}; {Callee}";
        lab.Require(Caller.IsOver && Callee is null or { IsOver: true }, $"not over: {both}");
        if (Callee is null)
        {
            lab.Require(mayFail || Caller.BrokeOff, $"never accepted: {both}");
            return;
        }

        CheckDirection(lab, Caller, Callee, both);
        CheckDirection(lab, Callee, Caller, both);
        bool broken = Caller.BrokeOff || Callee.BrokeOff;
        bool good = Caller.SawEnd && Callee.SawEnd
            && Caller.Error == SocketError.None && Callee.Error == SocketError.None;
        lab.Require(good || broken || mayFail, $"failed though nothing stood in the way: {both}");
    }

    private static void CheckDirection(NetLab lab, Talker from, Talker to, string both)
    {
        lab.Require(to.Received <= from.Sent, $"more was received than sent: {both}");
        lab.Require(
            !to.SawEnd || to.Received == from.Sent, $"the end was seen before everything had come: {both}");
    }
}

/// <summary>Opens conversations, accepts them, and watches that they go on.</summary>
internal sealed class Conversations(NetLab lab)
{
    /// <summary>
    /// The longest standstill over a wire that lives: the longest retransmission timeout of RFC 6298, section 2.5,
    /// and as much again for what was lost at its end.
    /// </summary>
    public const long StallMax = 130 * NetLab.Second;

    private readonly Dictionary<(Endpoint, Endpoint), Conversation> waiting = [];
    private readonly Dictionary<Conversation, int> keys = [];

    public List<Conversation> All { get; } = [];

    /// <summary>Connections that nobody had called for.</summary>
    public int Strangers { get; private set; }

    /// <summary>Listens.</summary>
    public TcpListener Listen(SimulatedHost host, ushort port, int backlog = 16)
    {
        TcpListener? listener = host.Stack.Tcp.Listen(port, backlog, out SocketError error);
        lab.Require(listener is not null, $"{host.Name} cannot listen: {error}");
        lab.Introduce();
        listener!.Owner = new Door(this, host);
        return listener;
    }

    /// <summary>Calls.</summary>
    public Conversation Call(SimulatedHost from, SimulatedHost to, ushort port, TalkPlan caller, TalkPlan callee)
    {
        TcpConnection? connection =
            from.Stack.Tcp.Connect(new Endpoint(to.Ip, port), lab.Time.Now, out SocketError error);
        lab.Require(connection is not null, $"{from.Name} cannot connect: {error}");
        int key = lab.Random.Next();
        Talker talker = new(lab, from, connection!, caller, key, key + 1);
        Conversation conversation = new(talker, callee);
        waiting[(connection!.Local, connection.Remote)] = conversation;
        keys[conversation] = key;
        All.Add(conversation);
        from.Pump();
        return conversation;
    }

    /// <summary>Runs until all are over; fails if nothing moves for <see cref="StallMax"/>.</summary>
    public void RunToEnd(long stallMax = StallMax)
    {
        long progress = -1;
        while (!All.TrueForAll(one => one.IsOver))
        {
            long now = All.Sum(one => one.Progress) + All.Count(one => one.IsOver);
            lab.Require(
                now != progress,
                $"nothing has moved for {stallMax / NetLab.Second} s:\n"
                + string.Join('\n', All.Where(one => !one.IsOver).Select(one => $"{one.Caller}; {one.Callee}")));
            progress = now;
            lab.RunUntil(() => All.TrueForAll(one => one.IsOver), stallMax);
        }
    }

    /// <summary>Checks all of them and forgets them.</summary>
    public void Check(bool mayFail = false)
    {
        foreach (Conversation one in All)
        {
            one.Check(lab, mayFail);
        }

        All.Clear();
        waiting.Clear();
        keys.Clear();
    }

    private void Accept(SimulatedHost host, TcpListener listener, Instant now)
    {
        while (listener.Accept() is { } connection)
        {
            if (!waiting.Remove((connection.Remote, connection.Local), out Conversation? conversation))
            {
                Strangers++;
                connection.Abort(now);
                continue;
            }

            int key = keys[conversation];
            conversation.Callee = new Talker(lab, host, connection, conversation.AnswerPlan, key + 1, key);
            conversation.Callee.Act(now);
        }
    }

    private sealed class Door(Conversations conversations, SimulatedHost host) : ISocketOwner
    {
        public void OnSocketReady(NetSocket socket, Instant now) =>
            conversations.Accept(host, (TcpListener)socket, now);
    }
}
