; Where exceptions leave the ordinary flow of calls: throwing, running a handler on another frame, resuming.
;
; A register context is {edi, esi, ebx, ebp, esp, eip}, 24 bytes (RegisterContext.cs): what a caller may expect to
; find again after a call. Managed convention: the first two arguments in ECX and EDX, the callee pops the others.
bits 32

extern HaukiThrow, HaukiRethrow, HaukiRearmStackGuard
global RhpThrowEx, RhpThrowExact, RhpRethrow
global HaukiCallFunclet, HaukiResume, HaukiResumeAndRearm, HaukiReturnFromFunclet, HaukiCaptureContext
global RhpStackProbe, stack_probe_end

CONTEXT_EDI equ 0
CONTEXT_ESI equ 4
CONTEXT_EBX equ 8
CONTEXT_EBP equ 12
CONTEXT_ESP equ 16
CONTEXT_EIP equ 20

section .text

; Pushes the context of the caller: as if the call that led here had just returned.
%macro PUSH_CALLER_CONTEXT 0
    lea eax, [esp + 4]
    push dword [esp]
    push eax
    push ebp
    push ebx
    push esi
    push edi
%endmacro

; throw: ECX = exception. Never returns.
RhpThrowExact:
RhpThrowEx:
    PUSH_CALLER_CONTEXT
    mov edx, esp
    call HaukiThrow
    int3

; throw; without an operand, inside a catch handler. Never returns.
RhpRethrow:
    PUSH_CALLER_CONTEXT
    mov ecx, esp
    call HaukiRethrow
    int3

; ECX = context to fill with the caller's registers.
HaukiCaptureContext:
    mov [ecx + CONTEXT_EDI], edi
    mov [ecx + CONTEXT_ESI], esi
    mov [ecx + CONTEXT_EBX], ebx
    mov [ecx + CONTEXT_EBP], ebp
    lea eax, [esp + 4]
    mov [ecx + CONTEXT_ESP], eax
    mov eax, [esp]
    mov [ecx + CONTEXT_EIP], eax
    ret

; ECX = exception, EDX = funclet, [esp+4] = context of the frame it belongs to. Returns what the funclet leaves in EAX.
; The funclet has no prologue: it lives on the frame's EBP and expects the exception in EAX. The ESP it is entered with
; goes into the context, for code that resumes inside the funclet needs it.
HaukiCallFunclet:
    push ebp
    push ebx
    push esi
    push edi
    mov eax, ecx
    mov ecx, [esp + 20]
    mov edi, [ecx + CONTEXT_EDI]
    mov esi, [ecx + CONTEXT_ESI]
    mov ebx, [ecx + CONTEXT_EBX]
    mov ebp, [ecx + CONTEXT_EBP]
    push ecx                    ; only to know where the return address will lie
    mov [ecx + CONTEXT_ESP], esp
    pop ecx
    call edx
    pop edi
    pop esi
    pop ebx
    pop ebp
    ret 4

; Takes the registers of the context at [esp+4], goes to the stack EDX. Keeps ECX.
%macro LEAVE_FOR_CONTEXT 0
    mov eax, [esp + 4]
    mov edi, [eax + CONTEXT_EDI]
    mov esi, [eax + CONTEXT_ESI]
    mov ebx, [eax + CONTEXT_EBX]
    mov ebp, [eax + CONTEXT_EBP]
    mov esp, edx
    fninit                      ; a fault may have left values on the x87 stack; between statements it is empty
%endmacro

; ECX = address, EDX = ESP to run it on, [esp+4] = context with the other registers. Never returns.
HaukiResume:
    LEAVE_FOR_CONTEXT
    jmp ecx

; The same after a stack overflow. The guard pages are closed only here: until now they were the stack.
HaukiResumeAndRearm:
    LEAVE_FOR_CONTEXT
    push ecx
    call HaukiRearmStackGuard
    ret

; ECX = ESP at a funclet's entry, EDX = value. Returns the value from that funclet, whatever it is doing.
HaukiReturnFromFunclet:
    mov esp, ecx
    mov eax, edx
    ret

; EAX = lowest address of a frame of several pages. Touches each page on the way down, so that the guard pages are not
; jumped over. Keeps all registers. ESP stays above the pages touched: a fault here is the caller's,
; whose return address lies one word above ESP (ImageLayout.StackProbe).
RhpStackProbe:
    push ecx
    mov ecx, esp
    and ecx, -4096
.next:
    sub ecx, 4096
    test [ecx], eax
    cmp ecx, eax
    ja .next
    pop ecx
    ret
stack_probe_end:
