#!/bin/sh
# The pure libraries compute: none of them asks the kernel for the time, for random bytes, a socket, a file, a
# process or a thread.  pure.sh LIBRARY...: what their objects call outside themselves.  TAP.
# OpenSSL's own DTLS timer is the named exception (src/rtc/dtls.h); it is asked, never set.
time='clock_gettime|gettimeofday|time|times|localtime|localtime_r|gmtime|gmtime_r|nanosleep|clock_nanosleep|usleep|sleep'
chance='getrandom|getentropy|rand|rand_r|random|srandom|arc4random[a-z_]*|randombytes[a-z_]*'
net='socket|socketpair|bind|listen|connect|accept4?|send|sendto|sendmsg|sendmmsg|recv|recvfrom|recvmsg|recvmmsg|poll|ppoll|select|epoll_[a-z0-9]+|getaddrinfo'
files='open|openat|open64|fopen|fopen64|creat|read|write|pread|pwrite|pread64|pwrite64|mmap|unlink|rename|getenv|secure_getenv|syscall'
others='fork|vfork|execl|execv|execve|system|popen|kill|signal|sigaction|pthread_create|sqlite3_[a-z0-9_]+|MHD_[a-zA-Z0-9_]+'
echo "1..$#"
count=0
for library; do
	count=$((count + 1))
	name=$(basename "$library")
	calls=$(nm --undefined-only "$library" | awk '$1 == "U" { sub(/@.*/, "", $2); print $2 }' | sort -u)
	[ -n "$calls" ] || calls=nothing_can_be_seen
	bad=$(echo "$calls" | grep -x -E "nothing_can_be_seen|(__)?($time|$chance|$net|$files|$others)(_chk)?" | tr '\n' ' ')
	if [ -z "$bad" ]; then echo "ok $count - $name is pure"; else echo "not ok $count - $name calls $bad"; fi
done
