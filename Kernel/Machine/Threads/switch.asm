; The change from one stack to another (Threads.cs).
bits 32

extern HaukiWorkerMain
global HaukiSwitchStack, HaukiWorkerStart

section .text

; ECX = where to keep the stack pointer of the thread that stops, EDX = stack pointer of the one that goes on.
; Managed convention: only these four registers belong to the caller. The FPU needs no saving: between calls its stack
; is
; empty, and a thread that was interrupted has its whole state in the trap frame's neighbourhood (traps.asm).
HaukiSwitchStack:
    push ebp
    push ebx
    push esi
    push edi
    mov [ecx], esp
    mov esp, edx
    pop edi
    pop esi
    pop ebx
    pop ebp
    ret

; Where the worker's first switch returns to: the outermost frame of its stack.
HaukiWorkerStart:
    xor ebp, ebp
    call HaukiWorkerMain
    int3
