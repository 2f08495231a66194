FROM public.ecr.aws/docker/library/node:22-alpine
RUN apk add --no-cache openssl 'pgbouncer>=1.21'
COPY authorities.pem.gz pgbouncer.js /pgbouncer/
USER 1000:1000
CMD ["node", "/pgbouncer/pgbouncer.js"]
